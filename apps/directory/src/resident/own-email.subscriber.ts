import { residentEmailChanged, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { OwnEmailService } from './own-email.service.js';

@Controller()
export class OwnEmailSubscriber {
  constructor(private readonly emails: OwnEmailService) {}

  @OnEvent(residentEmailChanged, { durable: 'take-own-email' })
  async take(fact: Fact<typeof residentEmailChanged>): Promise<void> {
    await this.emails.take(fact);
  }
}
