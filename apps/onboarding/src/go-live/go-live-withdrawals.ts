import { InvitationId, withdrawGoLiveJob, type GoLiveId, type JobView, type ResidentId } from '@leasewire/contracts';
import { Jobs, type ItemResult, type JobItemSeed, type JobOf, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { AccountKeeper } from '../account/account-keeper.js';
import { Communities } from '../community/communities.js';
import { InvitationRepository } from '../invitation/invitation.repository.js';
import { Inviter } from '../invitation/inviter.js';

type Job = JobOf<typeof withdrawGoLiveJob>;
type Result = ItemResult<{ residentId: ResidentId }>;
const because = 'The Go Live was cancelled before this mail was sent.';

/** The mails that a Go Live planned and that were not sent when it was cancelled. */
@Injectable()
export class GoLiveWithdrawals {
  constructor(
    private readonly jobs: Jobs,
    private readonly invitations: InvitationRepository,
    private readonly keeper: AccountKeeper,
    private readonly communities: Communities,
    private readonly inviter: Inviter,
  ) {
    jobs.define(withdrawGoLiveJob, {
      items: (job, after) => this.#items(job, after),
      run: async (tx, some) => {
        const results: Result[] = [];
        for (const { key } of some) results.push(await this.#one(tx, InvitationId.parse(key)));
        return results;
      },
    });
  }

  begin(tx: Tx, goLiveId: GoLiveId): Promise<JobView> {
    return this.jobs.begin(tx, withdrawGoLiveJob, { goLiveId });
  }

  async hasPlanned(tx: Tx, goLiveId: GoLiveId): Promise<boolean> {
    return (await this.invitations.count({ orgId: tx.orgId, goLiveId, state: 'planned' }, { tx, upTo: 1 })) > 0;
  }

  async *#items({ orgId, input: { goLiveId } }: Job, after: string | null): AsyncIterable<JobItemSeed> {
    const behind = after === null ? {} : { _id: { $gt: InvitationId.parse(after) } };
    const planned = this.invitations.stream({ orgId, goLiveId, state: 'planned', ...behind }, { sort: { _id: 1 } });
    for await (const { _id: key } of planned) yield { key };
  }

  async #one(tx: Tx, invitationId: InvitationId): Promise<Result> {
    const { orgId } = tx;
    const { state, personId, residentId, propertyId } = await this.invitations.get({ orgId, _id: invitationId }, { tx });
    const draft = await this.keeper.load(tx, orgId, personId);
    if (state !== 'planned' || draft.account.planned?.invitationId !== invitationId)
      return { state: 'skipped', reason: { code: 'conflict.state', message: 'It is planned no more.' } };
    await this.inviter.unplan(tx, draft, because);
    await this.keeper.save(tx, draft, (await this.communities.rules(orgId, propertyId, tx)).timetable);
    return { state: 'done', outcome: { residentId } };
  }
}
