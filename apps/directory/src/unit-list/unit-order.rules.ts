import type { SyncLight, Unit } from '@leasewire/contracts';
import type { z } from 'zod';
import { naturalKey } from '../search-words.rules.js';

/** What somebody should look at comes first. */
const lights: readonly z.infer<typeof SyncLight>[] = ['deleted', 'stale', 'waiting', 'unchanged', 'synced', 'by-hand'];

const workedOut = {
  number: ({ number }: Unit) => naturalKey(number),
  residents: ({ residents }: Unit) => residents ?? 0,
  syncLight: ({ syncLight }: Unit) => (syncLight === undefined ? null : lights.indexOf(syncLight)),
  lastSyncedAt: ({ lastSyncedAt }: Unit) => lastSyncedAt,
};

/** Null for an order that an index has; else the place of a unit in one that is worked out of who lives there, and of the last sync. */
export function orderedBy(sort: string) {
  const value = new Map(Object.entries(workedOut)).get(sort.replace(/^-/, ''));
  if (value === undefined) return null;
  const direction: 1 | -1 = sort.startsWith('-') ? -1 : 1;
  return {
    directions: [direction, 1, 1] as const,
    orderOf: (unit: Unit) => [value(unit), naturalKey(`${unit.building ?? ''} ${unit.number}`), unit.id],
  };
}
