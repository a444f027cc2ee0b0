import { organizationClosed, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ClosingService } from './closing.service.js';

@Controller()
export class ClosingSubscriber {
  constructor(private readonly closing: ClosingService) {}

  @OnEvent(organizationClosed, { durable: 'close-organization' })
  async closed(fact: Fact<typeof organizationClosed>): Promise<void> {
    await this.closing.close(fact);
  }
}
