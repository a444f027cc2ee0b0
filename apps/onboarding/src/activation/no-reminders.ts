import type { ConsentFacts, PropertyId } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { AccountKeeper } from '../account/account-keeper.js';
import { AccountRepository, type AccountDoc } from '../account/account.repository.js';
import { Communities } from '../community/communities.js';
import { ActivationService, asResident } from './activation.service.js';

/** Who wants no reminders gets none. What somebody of the staff sends on purpose is no reminder. */
@Injectable()
export class NoReminders {
  constructor(
    private readonly work: UnitOfWork,
    private readonly accounts: AccountRepository,
    private readonly keeper: AccountKeeper,
    private readonly communities: Communities,
    private readonly activation: ActivationService,
  ) {}

  /** The same answer whatever the link is: whoever guesses learns nothing. */
  async byLink(token: string, call: Call): Promise<Record<string, never>> {
    const found = await this.activation.genuine(token);
    if (found === null) return {};
    const { orgId, _id } = found.account;
    await this.work.run(asResident(call, found), async (tx) => {
      const account = await this.accounts.get({ orgId, _id }, { tx });
      await this.#note(tx, account, found.invitation.propertyId, true);
    });
    return {};
  }

  /** Who refuses mail about their home does not want to be pressed to an account there either. */
  async heard(tx: Tx, { personId, channel, category, answer }: ConsentFacts): Promise<void> {
    if (channel !== 'email' || personId === null || (category !== null && category !== 'operational')) return;
    const account = await this.accounts.findOne({ orgId: tx.orgId, _id: personId }, { tx });
    const propertyId = account?.members[0]?.propertyId;
    if (account && propertyId !== undefined) await this.#note(tx, account, propertyId, answer === 'refused');
  }

  async #note(tx: Tx, account: AccountDoc, propertyId: PropertyId, noReminders: boolean): Promise<void> {
    if (account.noReminders === noReminders) return;
    const draft = this.keeper.draftOf(account);
    draft.account = { ...account, noReminders };
    await this.keeper.save(tx, draft, (await this.communities.rules(tx.orgId, propertyId, tx)).timetable);
  }
}
