import type { SyncLight } from '@leasewire/contracts';
import type { z } from 'zod';

const day = 86_400_000;

export interface Lit {
  readonly upstreamId: string | null;
  readonly deletedUpstreamAt: Date | null;
  /** When the PMS last said something new of the unit, or of somebody who lives there. */
  readonly newsAt: Date | null;
}
export interface Swept {
  readonly lastSweepAt: Date | null;
  readonly staleAfterDays: number;
}

/** The light of the Units page: green where the last complete sync brought something new, SKIP where it did not. */
export function lightOf(
  { upstreamId, deletedUpstreamAt, newsAt }: Lit,
  swept: Swept | undefined,
  now: Date,
): z.infer<typeof SyncLight> {
  if (upstreamId === null) return 'by-hand';
  if (deletedUpstreamAt !== null) return 'deleted';
  const lastSweepAt = swept?.lastSweepAt ?? null;
  if (lastSweepAt === null) return 'waiting';
  if (now.getTime() - lastSweepAt.getTime() > (swept?.staleAfterDays ?? 0) * day) return 'stale';
  return newsAt !== null && newsAt >= lastSweepAt ? 'synced' : 'unchanged';
}
