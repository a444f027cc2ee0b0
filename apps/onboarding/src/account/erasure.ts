import type { Fact, personErased } from '@leasewire/contracts';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { GoLiveItems } from '../go-live/go-live-items.js';
import { InvitationRepository } from '../invitation/invitation.repository.js';
import { AccountRepository } from './account.repository.js';

/** Somebody is to be forgotten: their account, their invitations, and with them every link. */
@Injectable()
export class Erasure {
  constructor(
    private readonly work: UnitOfWork,
    private readonly accounts: AccountRepository,
    private readonly invitations: InvitationRepository,
    private readonly goLiveItems: GoLiveItems,
  ) {}

  async forget(fact: Fact<typeof personErased>): Promise<void> {
    const { orgId } = fact;
    const { personId } = fact.data;
    await this.work.run(fact, async (tx) => {
      await this.invitations.removeMany(tx, { orgId, personId });
      const account = await this.accounts.findOne({ orgId, _id: personId }, { tx });
      if (account === null) return;
      for (const { residentId, goLive } of account.members)
        if (goLive !== null)
          await this.goLiveItems.settle(
            tx,
            goLive.jobId,
            { residentId, state: 'archived' },
            { mail: 'none', reason: 'archived' },
          );
      const { due: _due, ...rest } = account;
      // the row stays, without anything personal, so that a late event does not make somebody anew
      await this.accounts.save(tx, {
        ...rest,
        members: [],
        planned: null,
        invitationId: null,
        mail: null,
        terms: null,
        standing: { status: 'not-invited' },
        erasedAt: tx.now,
      });
    });
  }
}
