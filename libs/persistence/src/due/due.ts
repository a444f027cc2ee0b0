import { z } from 'zod';
import type { IndexSpec } from '../collections/collection.js';

/** Part of a document that something has to happen to at a time: `due: Due.optional()` in its schema. */
export const Due = z.object({
  at: z.date(),
  /** How often it was claimed. */
  attempts: z.int().default(0),
  /** How many of these ended with something that is away and comes back: they do not count towards giving up. */
  waits: z.int().optional(),
  /** Who is at it, and until when that holds. Kept by the claimer; a save may drop them. */
  claim: z.string().optional(),
  leaseUntil: z.date().optional(),
  lastError: z.string().optional(),
});
export type Due = z.output<typeof Due>;

export const dueAt = (at: Date): Due => ({ at, attempts: 0 });

/** Every collection with a `due` declares these. */
export const dueIndexes: readonly IndexSpec[] = [
  { keys: { 'due.at': 1, 'due.leaseUntil': 1, _id: 1 }, partial: { 'due.at': { $exists: true } } },
  { keys: { 'due.claim': 1 }, partial: { 'due.claim': { $exists: true } } },
];
