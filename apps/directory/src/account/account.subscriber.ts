import { accountChanged, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { AccountService } from './account.service.js';

@Controller()
export class AccountSubscriber {
  constructor(private readonly accounts: AccountService) {}

  @OnEvent(accountChanged, { durable: 'note-account-status' })
  async note(fact: Fact<typeof accountChanged>): Promise<void> {
    const { personId, status, ...columns } = fact.data.account;
    await this.accounts.note(fact, { personId, status, columns });
  }
}
