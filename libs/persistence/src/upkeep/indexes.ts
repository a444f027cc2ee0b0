import type { Log } from '@leasewire/messaging';
import { MongoServerError, type CreateIndexesOptions, type Document } from 'mongodb';
import { indexName, type CollectionDef, type IndexSpec } from '../collections/collection.js';
import type { Database } from '../database/database.js';
import { endTransactionsOfTheDead } from '../work/abandoned-transactions.js';
import { ownCollections } from '../own-collections.js';

export interface IndexReport {
  /** Declared, but not there. */
  readonly missing: string[];
  /** There, but no code declares it: it costs every write. */
  readonly undeclared: string[];
  /** There with other options than declared. */
  readonly changed: string[];
}

interface StoredIndex {
  readonly name: string;
  readonly expireAfterSeconds?: number;
}

const isCode = (error: unknown, code: number): boolean => error instanceof MongoServerError && error.code === code;
const collectionExists = 48;

/**
 * Makes collections and indexes as declared. Replicas may do it at the same time, and old and new ones beside each other.
 * What is there is left alone, without so much as asking for it to be made: that would wait for every open transaction,
 * those of processes that died included, and everyone else would wait behind it.
 */
export async function ensureIndexes(db: Database, defs: readonly CollectionDef[], log: Log): Promise<void> {
  await endTransactionsOfTheDead(db);
  const there = new Set((await db.db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  await Promise.all(withOwn(defs).map((def) => ensureCollection(db, def, there.has(def.name))));
  const { undeclared } = await checkIndexes(db, defs);
  if (undeclared.length > 0)
    log.warn({ undeclared }, 'these indexes are not declared any more; drop them in a migration once no old replica runs');
}

/** Compares what is declared with what is there. */
export async function checkIndexes(db: Database, defs: readonly CollectionDef[]): Promise<IndexReport> {
  const report: IndexReport = { missing: [], undeclared: [], changed: [] };
  for (const def of withOwn(defs)) {
    const stored = await storedIndexes(db, def);
    const declared = new Set(def.indexes.map(indexName));
    for (const spec of def.indexes) {
      const found = stored.find(({ name }) => name === indexName(spec));
      if (!found) report.missing.push(`${def.name}.${indexName(spec)}`);
      else if (found.expireAfterSeconds !== spec.expireAfterSeconds) report.changed.push(`${def.name}.${found.name}`);
    }
    for (const { name } of stored) if (name !== '_id_' && !declared.has(name)) report.undeclared.push(`${def.name}.${name}`);
  }
  return report;
}

async function ensureCollection(db: Database, def: CollectionDef, isThere: boolean): Promise<void> {
  // before any transaction needs it: made within one, it conflicts with everyone else who does the same
  if (!isThere)
    await db.db.createCollection(def.name).catch((error: unknown) => {
      if (!isCode(error, collectionExists)) throw error;
    });
  const stored = new Map((await storedIndexes(db, def)).map((index) => [index.name, index]));
  for (const spec of def.indexes) {
    const name = indexName(spec);
    const found = stored.get(name);
    if (!found) await createIndex(db, def, spec, name);
    else if (found.expireAfterSeconds !== spec.expireAfterSeconds)
      await db.db.command({ collMod: def.name, index: { name, expireAfterSeconds: spec.expireAfterSeconds } });
  }
}

async function createIndex(db: Database, def: CollectionDef, spec: IndexSpec, name: string): Promise<void> {
  await db.db
    .collection(def.name)
    .createIndex({ ...spec.keys }, optionsOf(spec, name), {})
    .catch((error: unknown) => {
      if (!isCode(error, 11000)) throw error;
      throw new Error(
        `The unique index ${def.name}.${name} cannot be made: there are duplicates. Remove them by a migration first.`,
        { cause: error },
      );
    });
}

function optionsOf(spec: IndexSpec, name: string): CreateIndexesOptions {
  return {
    name,
    ...(spec.unique && { unique: true }),
    ...(spec.partial && { partialFilterExpression: spec.partial }),
    ...(spec.expireAfterSeconds !== undefined && { expireAfterSeconds: spec.expireAfterSeconds }),
    ...(spec.collation && { collation: spec.collation }),
  };
}

async function storedIndexes(db: Database, def: CollectionDef): Promise<StoredIndex[]> {
  const rows: Document[] = await db.db
    .collection(def.name)
    .listIndexes()
    .toArray()
    .catch((error: unknown) => {
      if (isCode(error, 26)) return []; // no such collection yet
      throw error;
    });
  return rows.map((row) => ({
    name: String(row['name']),
    ...(typeof row['expireAfterSeconds'] === 'number' && { expireAfterSeconds: row['expireAfterSeconds'] }),
  }));
}

function withOwn(defs: readonly CollectionDef[]): readonly CollectionDef[] {
  const all = [...ownCollections, ...defs];
  const names = new Set(all.map((def) => def.name));
  if (names.size !== all.length)
    throw new Error('Two collections have the same name, or one has a name that libs/persistence keeps for itself');
  return all;
}
