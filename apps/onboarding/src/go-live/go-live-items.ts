import type { JobId, NoWelcomeReason, ResidentId } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { dueAt, Jobs, type DueClaimer, type ItemResult, type Tx } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '../account/member.rules.js';
import { noWelcomeWords } from '../invitation/welcome.rules.js';
import { GoLiveOutcomeRepository, type GoLiveOutcomeDoc } from './go-live-outcome.repository.js';

export interface ImportOutcome {
  readonly mail: 'queued' | 'planned' | 'none';
  readonly reason: NoWelcomeReason | null;
}
type Outcome = GoLiveOutcomeDoc['outcome'];

/**
 * The items of a Go Live whose people directory is importing. What directory tells of each is noted where nobody else writes,
 * and the job takes it over a hundred at a time: thousands of events at once would all want the one row of the job.
 */
@Injectable()
export class GoLiveItems {
  readonly #claimer: DueClaimer<GoLiveOutcomeDoc>;

  constructor(
    private readonly jobs: Jobs,
    private readonly outcomes: GoLiveOutcomeRepository,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    this.#claimer = background.claimer<GoLiveOutcomeDoc>('go-live-outcomes', {
      repository: outcomes,
      handle: (tx, docs) => this.#takeOver(tx, docs),
      onGiveUp: () => Promise.resolve(), // the log says it; the item stays under way, which is what is known of it
      concurrency: 1,
    });
  }

  async settle(
    tx: Tx,
    jobId: JobId,
    { residentId, state }: Pick<Member, 'residentId' | 'state'>,
    { mail, reason }: ImportOutcome,
  ) {
    await this.#note(tx, jobId, residentId, state === 'archived' ? { is: 'left' } : { is: 'imported', mail, reason });
  }

  async fail(tx: Tx, jobId: JobId, residentId: ResidentId, message: string): Promise<void> {
    await this.#note(tx, jobId, residentId, { is: 'failed', message });
  }

  async #note(tx: Tx, jobId: JobId, residentId: ResidentId, outcome: Outcome): Promise<void> {
    const { orgId, now } = tx;
    await this.outcomes.insert(tx, { _id: this.ids.next('golo'), orgId, jobId, residentId, outcome, due: dueAt(now) });
    tx.afterCommit(() => {
      this.#claimer.wake();
    });
  }

  async #takeOver(tx: Tx, docs: readonly GoLiveOutcomeDoc[]): Promise<void> {
    for (const { _id, jobId, residentId, outcome } of docs) {
      await this.jobs.settle(tx, jobId, residentId, resultOf(outcome));
      await this.outcomes.remove(tx, { orgId: tx.orgId, _id });
    }
  }
}

function resultOf(outcome: Outcome): Exclude<ItemResult, { state: 'doing' }> {
  switch (outcome.is) {
    case 'imported':
      return { state: 'done', outcome: { imported: true, mail: outcome.mail, reason: outcome.reason } };
    case 'left':
      return { state: 'skipped', reason: { code: 'archived', message: `Left since the estimate: ${noWelcomeWords.archived}` } };
    case 'failed':
      return { state: 'failed', reason: { code: 'directory', message: outcome.message } };
  }
}
