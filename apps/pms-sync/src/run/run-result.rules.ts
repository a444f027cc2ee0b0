import type { SyncRun } from '@leasewire/contracts';

interface Reason {
  code: string;
  message: string;
}
type Outcome = Pick<SyncRun, 'counts'> & { runId: SyncRun['id'] };
type Settled =
  | { state: 'done'; outcome: Outcome }
  | { state: 'failed'; reason: Reason }
  | { state: 'skipped' | 'held'; reason: Reason; outcome: Outcome };

/** What a run that is over says to the item of a job that waited for it. */
export function resultOf({ id: runId, state, counts, error }: Pick<SyncRun, 'id' | 'state' | 'counts' | 'error'>): Settled {
  if (state === 'failed')
    return { state: 'failed', reason: error ?? { code: 'internal', message: 'The run failed and did not say why.' } };
  const outcome = { runId, counts };
  if (state === 'cancelled')
    return {
      state: 'skipped',
      outcome,
      reason: { code: 'job.cancelled', message: 'The sync was cancelled; what it had done stays done.' },
    };
  if (counts.held === 0) return { state: 'done', outcome };
  return { state: 'held', outcome, reason: { code: 'sync.held', message: `${counts.held} removals wait for a person.` } };
}

export const leftToOthers: { state: 'skipped'; reason: Reason } = {
  state: 'skipped',
  reason: { code: 'job.cancelled', message: 'The job was cancelled. This sync goes on, because others asked for it too.' },
};
