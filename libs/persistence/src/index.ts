export { Database, type ConnectOptions } from './database/database.js';
export * from './collections/collection.js';
export type { Conditions, New, Sort, TenantFilter } from './collections/filter.js';
export type { FindOptions } from './collections/documents.js';
export type { Page, PageOptions } from './collections/paging.js';
export { pageOfRows, type RowPageOptions } from './collections/row-page.js';
export { SystemRepository, TenantRepository, type TenantId } from './collections/repository.js';
export * from './secrets/secret-box.js';
export * from './collections/system-scope.js';
export * from './work/tx.js';
export { Lease, LeaseLost, Leases } from './pace/leases.js';
export { isPassing } from './pace/passing.js';
export { TokenBucket } from './pace/token-bucket.js';
export { Relay, relayLease } from './outbox/relay.js';
export type { Publisher, RelayObserver, RelaySettings, WakeHint } from './outbox/relay-settings.js';
export { UnitOfWork, type Committed, type UnitOfWorkObserver, type UnitOfWorkSettings } from './work/unit-of-work.js';
export { bumpEpoch, readEpoch } from './upkeep/epoch.js';
export { checkIndexes, ensureIndexes, type IndexReport } from './upkeep/indexes.js';
export { NightWatch } from './pace/night-watch.js';
export { Wakeable } from './pace/wakeable.js';
export { DueClaimer } from './due/due-claimer.js';
export { DueLookout } from './due/due-lookout.js';
export type { DueDoc, DueHandling, DueObserver, DueOptions, DueSettings } from './due/due-settings.js';
export * from './due/due.js';
export type { EffectRow, EffectState } from './effects/effect-row.js';
export {
  Effects,
  type Attempted,
  type Effect,
  type EffectKind,
  type EffectLook,
  type EffectPace,
  type EffectsSettings,
  type SettledEffect,
} from './effects/effects.js';
export type { ItemResult, JobItemSeed } from './jobs/job-rows.js';
export type { JobHandler, JobItem, JobOf, JobsSettings } from './jobs/job-handler.js';
export { Jobs, type JobListOptions } from './jobs/jobs.js';
export type { JobRunner } from './jobs/job-runner.js';
export { inBulk } from './work/in-bulk.js';
export { systemCause } from './work/system-cause.js';
export {
  dropsIndexes,
  dropUndeclared,
  runMigrations,
  type Migration,
  type MigrationContext,
  type MigrationSettings,
} from './upkeep/migrations.js';
export { rotateSecrets, type Rotation } from './secrets/rotate-secrets.js';
