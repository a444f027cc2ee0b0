import type { PersonId } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { Communities } from '../community/communities.js';
import { AccountKeeper } from './account-keeper.js';
import { addressee } from './member.rules.js';
import { closed } from './standing.rules.js';

/** Somebody closed their account. They come back by a link of the staff, as their page tells them, and by nothing else. */
@Injectable()
export class AccountClosing {
  constructor(
    private readonly keeper: AccountKeeper,
    private readonly communities: Communities,
  ) {}

  async closed(tx: Tx, personId: PersonId): Promise<void> {
    const draft = await this.keeper.load(tx, tx.orgId, personId);
    const { account } = draft;
    const standing = closed(account.standing);
    const member = addressee(account.members) ?? account.members[0];
    if (standing === null || member === undefined) return;
    const members = account.members.map((one) => ({ ...one, waitsForEmail: false }));
    draft.account = { ...account, members, standing, closedAt: tx.now };
    const { timetable } = await this.communities.rules(tx.orgId, member.propertyId, tx);
    await this.keeper.save(tx, draft, timetable);
  }
}
