import { propertyChanged, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { PropertyFacts } from './property-facts.service.js';

@Controller()
export class PropertySubscriber {
  constructor(private readonly facts: PropertyFacts) {}

  @OnEvent(propertyChanged, { durable: 'know-property' })
  async changed(fact: Fact<typeof propertyChanged>): Promise<void> {
    await this.facts.hear(fact);
  }
}
