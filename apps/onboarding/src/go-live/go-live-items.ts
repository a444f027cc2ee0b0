import type { JobId, NoWelcomeReason } from '@leasewire/contracts';
import { Jobs, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import type { Member } from '../account/member.rules.js';
import { noWelcomeWords } from '../invitation/welcome.rules.js';

export interface ImportOutcome {
  readonly mail: 'queued' | 'planned' | 'none';
  readonly reason: NoWelcomeReason | null;
}

/** The items of a Go Live whose people directory is importing: each is over when directory has said what became of it. */
@Injectable()
export class GoLiveItems {
  constructor(private readonly jobs: Jobs) {}

  async settle(tx: Tx, jobId: JobId, { residentId, state }: Pick<Member, 'residentId' | 'state'>, { mail, reason }: ImportOutcome) {
    if (state === 'archived')
      return this.jobs.settle(tx, jobId, residentId, {
        state: 'skipped',
        reason: { code: 'archived', message: noWelcomeWords.archived },
      });
    return this.jobs.settle(tx, jobId, residentId, { state: 'done', outcome: { imported: true, mail, reason } });
  }

  async fail(tx: Tx, jobId: JobId, residentId: string, message: string): Promise<boolean> {
    return this.jobs.settle(tx, jobId, residentId, { state: 'failed', reason: { code: 'directory', message } });
  }
}
