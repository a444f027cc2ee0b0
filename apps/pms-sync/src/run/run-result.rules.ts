import type { SyncRun } from '@leasewire/contracts';

type Settled =
  | { state: 'done'; outcome: { runId: SyncRun['id']; counts: SyncRun['counts'] } }
  | { state: 'failed' | 'skipped'; reason: { code: string; message: string } }
  | { state: 'held'; reason: { code: string; message: string }; outcome: { runId: SyncRun['id']; counts: SyncRun['counts'] } };

/** What a run that is over says to the item of a job that waited for it. */
export function resultOf({ id: runId, state, counts, error }: Pick<SyncRun, 'id' | 'state' | 'counts' | 'error'>): Settled {
  if (state === 'failed')
    return { state: 'failed', reason: error ?? { code: 'internal', message: 'The run failed and did not say why.' } };
  if (state === 'cancelled') return { state: 'skipped', reason: { code: 'job.cancelled', message: 'The run was cancelled.' } };
  const outcome = { runId, counts };
  if (counts.held === 0) return { state: 'done', outcome };
  return { state: 'held', outcome, reason: { code: 'sync.held', message: `${counts.held} removals wait for a person.` } };
}
