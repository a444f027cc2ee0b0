import type { Log } from '@leasewire/messaging';
import { MongoServerError, type Document, type IndexDescription } from 'mongodb';
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
const collectionsAtOnce = 4;

/**
 * Makes collections and indexes as declared. Replicas may do it at the same time, and old and new ones beside each other.
 * What is there is left alone, without so much as asking for it to be made: that would wait for every open transaction,
 * those of processes that died included, and everyone else would wait behind it.
 */
export async function ensureIndexes(db: Database, defs: readonly CollectionDef[], log: Log): Promise<void> {
  await endTransactionsOfTheDead(db);
  const reports: Comparison[] = [];
  const all = [...withOwn(defs)];
  // few at a time: a pool that just opens makes its connections slowly on a busy machine, and who waits too long for one fails the start
  while (all.length > 0)
    reports.push(...(await Promise.all(all.splice(0, collectionsAtOnce).map((def) => ensureCollection(db, def)))));
  const undeclared = reports.flatMap((report) => report.undeclared);
  if (undeclared.length > 0)
    log.warn({ undeclared }, 'these indexes are not declared any more; drop them in a migration once no old replica runs');
}

/** Compares what is declared with what is there. */
export async function checkIndexes(db: Database, defs: readonly CollectionDef[]): Promise<IndexReport> {
  const report: IndexReport = { missing: [], undeclared: [], changed: [] };
  for (const def of withOwn(defs)) {
    const found = compare(def, await storedIndexes(db, def));
    const named = (name: string): string => `${def.name}.${name}`;
    report.missing.push(...found.missing.map(indexName).map(named));
    report.changed.push(...found.changed.map(indexName).map(named));
    report.undeclared.push(...found.undeclared);
  }
  return report;
}

interface Comparison {
  readonly missing: readonly IndexSpec[];
  readonly changed: readonly IndexSpec[];
  readonly undeclared: readonly string[];
}

/** Only the time to live can change under one name; everything else is part of it. */
function compare(def: CollectionDef, stored: readonly StoredIndex[]): Comparison {
  const there = new Map(stored.map((index) => [index.name, index]));
  const declared = new Set(def.indexes.map(indexName));
  const isChanged = (spec: IndexSpec): boolean => there.get(indexName(spec))?.expireAfterSeconds !== spec.expireAfterSeconds;
  return {
    missing: def.indexes.filter((spec) => !there.has(indexName(spec))),
    changed: def.indexes.filter((spec) => there.has(indexName(spec)) && isChanged(spec)),
    undeclared: stored.flatMap(({ name }) => (name === '_id_' || declared.has(name) ? [] : [`${def.name}.${name}`])),
  };
}

/** Before any transaction needs it: made within one, a collection conflicts with everyone else who makes it. */
async function ensureCollection(db: Database, def: CollectionDef): Promise<Comparison> {
  const stored = await storedIndexes(db, def);
  const found = compare(def, stored);
  if (found.missing.length > 0) await createIndexes(db, def, found.missing);
  else if (stored.length === 0) await createCollection(db, def);
  for (const spec of found.changed) {
    const index = { name: indexName(spec), expireAfterSeconds: spec.expireAfterSeconds };
    await db.db.command({ collMod: def.name, index });
  }
  return found;
}

async function createCollection(db: Database, def: CollectionDef): Promise<void> {
  await db.db.createCollection(def.name).catch((error: unknown) => {
    if (!isCode(error, collectionExists)) throw error;
  });
}

async function createIndexes(db: Database, def: CollectionDef, specs: readonly IndexSpec[]): Promise<void> {
  try {
    await db.db.collection(def.name).createIndexes(specs.map(descriptionOf));
  } catch (error) {
    if (!isCode(error, 11000)) throw error;
    const which = /index: (\S+)/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
    throw new Error(
      `The unique index ${def.name}.${which} cannot be made: there are duplicates. Remove them by a migration first.`,
      { cause: error },
    );
  }
}

function descriptionOf(spec: IndexSpec): IndexDescription {
  return {
    key: { ...spec.keys },
    name: indexName(spec),
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
