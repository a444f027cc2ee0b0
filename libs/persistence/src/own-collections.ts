import { z } from 'zod';
import type { CollectionDef, IndexSpec } from './collections/collection.js';

/** What this library keeps in the database of every service, beside the service's own collections. */

const day = 86_400;
/** Longer than events stay in their streams (28 days): as long as one can come again, it is known to be handled. */
export const inboxDays = 35;
export const idempotencyDays = 2;
export const publishedDays = 7;

const loose = z.looseObject({ _id: z.string() });
const own = (name: string, indexes: readonly IndexSpec[], sealed: readonly string[] = []): CollectionDef => ({
  name,
  schema: loose,
  scope: 'system',
  indexes,
  sealed,
});

export const unknownEffects: IndexSpec = { keys: { kind: 1, reconcileAt: 1 }, partial: { state: 'unknown' } };

export const outboxDef = own('outbox', [
  { keys: { pending: 1, _id: 1 }, partial: { pending: true } },
  { keys: { aggregate: 1, epoch: 1, version: 1, n: 1 }, partial: { pending: true } },
  { keys: { parkedAt: 1 }, partial: { parkedAt: { $exists: true } } },
  { keys: { publishedAt: 1 }, expireAfterSeconds: publishedDays * day, partial: { publishedAt: { $exists: true } } },
]);
export const inboxDef = own('inbox', [{ keys: { at: 1 }, expireAfterSeconds: inboxDays * day }]);
export const idempotencyDef = own('idempotency', [{ keys: { at: 1 }, expireAfterSeconds: idempotencyDays * day }], ['result']);
export const leasesDef = own('leases', [{ keys: { until: 1 }, expireAfterSeconds: inboxDays * day }]);
// Each change of a state costs every index that names it, and MongoDB 6 looks at each index of a collection for each document that a
// transaction changes: so there are few, and they hold what is still to be done.
export const effectsDef = own('effects', [
  { keys: { kind: 1, dueAt: 1 }, partial: { state: 'intended' } },
  { keys: { kind: 1, leaseUntil: 1 }, partial: { state: 'attempting' } },
  unknownEffects,
  { keys: { orgId: 1, group: 1, state: 1 }, partial: { state: { $in: ['intended', 'held'] } } },
  { keys: { orgId: 1, kind: 1, key: 1 }, unique: true, partial: { key: { $exists: true } } },
  { keys: { settledAt: 1 }, expireAfterSeconds: 90 * day, partial: { settledAt: { $exists: true } } },
]);
export const jobsDef = own('jobs', [
  { keys: { orgId: 1, createdAt: -1, _id: -1 } },
  { keys: { active: 1, orgId: 1, _id: 1 }, partial: { active: true } },
  { keys: { finishedAt: 1 }, expireAfterSeconds: 90 * day },
]);
export const jobItemsDef = own('job_items', [
  { keys: { jobId: 1, state: 1, n: 1 } },
  { keys: { jobId: 1, n: 1 } },
  { keys: { jobId: 1, key: 1 }, unique: true },
  { keys: { expiresAt: 1 }, expireAfterSeconds: 0 },
]);
export const metaDef = own('meta', []);
export const migrationsDef = own('migrations', []);

export const ownCollections: readonly CollectionDef[] = [
  outboxDef,
  inboxDef,
  idempotencyDef,
  leasesDef,
  effectsDef,
  jobsDef,
  jobItemsDef,
  metaDef,
  migrationsDef,
];
