import type { Clock, Log } from '@leasewire/messaging';
import type { Collection, Db } from 'mongodb';
import { sleep } from '../pace/backoff.js';
import { indexName, type CollectionDef, type DocOf, type SystemDoc } from '../collections/collection.js';
import type { Database } from '../database/database.js';
import { LeaseLost, Leases, type Lease } from '../pace/leases.js';
import { changeEach } from './migrate-documents.js';
import { migrationsDef } from '../own-collections.js';

/**
 * A change to data that is there. Old replicas run beside new ones while it does and for a while after, so: first a release
 * whose code reads both shapes, with the migration; the code for the old shape goes in a later one.
 */
export interface Migration {
  /** Sorts by time, such as `2026-11-20-split-names`; never changed once released. */
  readonly id: string;
  readonly describe: string;
  run(context: MigrationContext): Promise<unknown>;
}

export interface MigrationContext {
  readonly db: Db;
  readonly log: Log;
  /** Where it had got to when it was interrupted. */
  readonly cursor: unknown;
  /** Keeps where it is. Throws when another replica took over, which goes on from there. */
  save(cursor: unknown): Promise<void>;
  /**
   * Goes through the documents that match, batch by batch, resumable, until a whole pass changes nothing. `change` gives the
   * fields to set (undefined removes one), or null when nothing is to be done. Each document gets a new version, so that a
   * replica that had read the old one does not save over it.
   */
  each<Def extends CollectionDef>(
    def: Def,
    filter: Readonly<Record<string, unknown>>,
    change: (doc: DocOf<Def> & SystemDoc) => Partial<DocOf<Def>> | null,
  ): Promise<number>;
}

/** Drops what is not declared any more of some collections. A replica of before is slower without it for as long as it runs, and right. */
export function dropsIndexes(id: string, defs: readonly CollectionDef[]): Migration {
  return {
    id,
    describe: `Indexes of ${defs.map(({ name }) => name).join(', ')} that nothing needs any more go.`,
    run: async ({ db }) => {
      for (const def of defs) await dropUndeclared(db, def);
    },
  };
}

export async function dropUndeclared(db: Db, def: CollectionDef): Promise<void> {
  const collection = db.collection(def.name);
  const declared = new Set(['_id_', ...def.indexes.map(indexName)]);
  for (const { name = '_id_' } of await collection.indexes()) if (!declared.has(name)) await collection.dropIndex(name);
}

interface MigrationRow {
  readonly _id: string;
  readonly startedAt: Date;
  readonly finishedAt?: Date;
  readonly cursor?: unknown;
}

export interface MigrationSettings {
  readonly clock: Clock;
  readonly log: Log;
  readonly leaseMs?: number;
}

const leaseName = 'migrations';

/** Runs what has not run yet, in order, on one replica; the others wait here until it is done. */
export async function runMigrations(db: Database, list: readonly Migration[], settings: MigrationSettings): Promise<void> {
  refuseDisorder(list);
  const rows = db.db.collection<MigrationRow>(migrationsDef.name);
  for (;;) {
    if ((await pending(rows, list)).length === 0) return;
    const lease = await new Leases(db, settings.clock).acquire(leaseName, settings.leaseMs ?? 10_000);
    if (!lease) {
      await sleep(250);
      continue;
    }
    lease.keep();
    try {
      for (const migration of await pending(rows, list)) await runOne(db, rows, migration, lease, settings);
      return;
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error;
      settings.log.warn({ err: error }, 'another replica took over the migrations; waiting for it');
    } finally {
      await lease.release().catch(() => undefined); // it ends by itself
    }
  }
}

async function runOne(
  db: Database,
  rows: Collection<MigrationRow>,
  migration: Migration,
  lease: Lease,
  { clock, log }: MigrationSettings,
): Promise<void> {
  const { id } = migration;
  const row = await rows.findOneAndUpdate(
    { _id: id },
    { $setOnInsert: { startedAt: clock.now() } },
    { upsert: true, returnDocument: 'after' },
  );
  log.info({ migration: id, resumed: row?.cursor !== undefined }, `migrating: ${migration.describe}`);
  const save = async (cursor: unknown): Promise<void> => {
    if (!lease.isHeld()) throw new LeaseLost(leaseName);
    await rows.updateOne({ _id: id }, { $set: { cursor } });
  };
  try {
    await migration.run({
      db: db.db,
      log,
      cursor: row?.cursor ?? null,
      save,
      each: (def, filter, change) => changeEach(db, def, filter, change, { after: row?.cursor ?? null, save }),
    });
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    throw new Error(
      `The migration ${id} failed; nothing after it has run. Mend it and start again, it goes on where it stopped.`,
      { cause: error },
    );
  }
  if (!lease.isHeld()) throw new LeaseLost(leaseName);
  await rows.updateOne({ _id: id }, { $set: { finishedAt: clock.now() }, $unset: { cursor: '' } });
  log.info({ migration: id }, 'migrated');
}

async function pending(rows: Collection<MigrationRow>, list: readonly Migration[]): Promise<Migration[]> {
  const done = await rows.find({ _id: { $in: list.map(({ id }) => id) }, finishedAt: { $exists: true } }).toArray();
  const ids = new Set(done.map(({ _id }) => _id));
  return list.filter(({ id }) => !ids.has(id));
}

function refuseDisorder(list: readonly Migration[]): void {
  for (const [at, { id }] of list.entries()) {
    const before = list[at - 1]?.id;
    if (before !== undefined && before >= id)
      throw new Error(`The migration ${id} is listed after ${before}; ids are unique and sort in the order they run`);
  }
}
