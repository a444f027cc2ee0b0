import { organizationClosed, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { DisconnectService } from './disconnect.service.js';

@Controller()
export class DisconnectSubscriber {
  constructor(private readonly service: DisconnectService) {}

  @OnEvent(organizationClosed, { durable: 'close-organization' })
  async closed(fact: Fact<typeof organizationClosed>): Promise<void> {
    await this.service.close(fact);
  }
}
