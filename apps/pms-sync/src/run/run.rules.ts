import type { SyncRun, UpstreamPerson } from '@leasewire/contracts';

export type Counts = SyncRun['counts'];
export type Outcome = keyof Counts;
export const noCounts: Counts = { synced: 0, unchanged: 0, skipped: 0, failed: 0, held: 0 };

/** As the page shows it. */
export function lightOf(outcome: Outcome): 'green' | 'SKIP' | 'red' | 'held' {
  switch (outcome) {
    case 'synced':
      return 'green';
    case 'unchanged':
    case 'skipped':
      return 'SKIP';
    case 'failed':
      return 'red';
    case 'held':
      return 'held';
  }
}

/** Has the PMS something of theirs that is not over, a lease or a seat on the committee? Whoever is new and has one cannot be moved out by it. */
export const livesOrWill = (person: Pick<UpstreamPerson, 'stays' | 'userTypes'>): boolean =>
  person.userTypes.includes('committee') ||
  person.stays.some(({ status }) => status === 'current' || status === 'future' || status === 'notice');

/** Would this decision of directory take somebody's home away without having been announced? */
export const isUnannouncedRemoval = (planned: { decision: string; outcome: string; announced?: boolean | undefined }): boolean =>
  planned.decision === 'deactivate' && planned.announced !== true && (planned.outcome === 'synced' || planned.outcome === 'held');

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

const most = { attempts: 30, backoffMs: 30_000 };
/** When what cannot go on for the moment is taken up again; null: no more. */
export function tryAgainInMs(attempt: number): number | null {
  return attempt >= most.attempts ? null : Math.min(most.backoffMs, 500 * 2 ** Math.min(attempt, 10));
}
