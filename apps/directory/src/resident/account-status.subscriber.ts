import { accountChanged, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { AccountStatusService } from './account-status.service.js';

@Controller()
export class AccountStatusSubscriber {
  constructor(private readonly statuses: AccountStatusService) {}

  @OnEvent(accountChanged, { durable: 'note-account-status' })
  async note(fact: Fact<typeof accountChanged>): Promise<void> {
    await this.statuses.note(fact);
  }
}
