import { DomainError } from '@leasewire/contracts';
import type { ClientSession, Collection } from 'mongodb';
import { Gather } from '../work/gather.js';
import type { Tx } from '../work/tx.js';
import { amendingOf, type Amendment } from './amending.js';
import type { CollectionDef } from './collection.js';
import type { Row } from './documents.js';
import { duplicate } from './duplicate.js';
import { valueAt } from './places.js';

export interface Id {
  readonly _id: string;
  readonly orgId?: string;
}

export interface Saving {
  readonly was: Id & { readonly version: number };
  readonly row: Row;
}

/**
 * What is read by its id or written within a transaction. What is asked for in parallel goes to the server together, so that
 * a handler for many may be written for one.
 */
export class Transacted {
  readonly #reads = new Gather((session, ids: readonly Id[]) => this.#read(session, ids));
  readonly #inserts = new Gather((session, rows: readonly Row[]) => this.#insert(session, rows));
  readonly #saves = new Gather((session, saving: readonly Saving[]) => this.#save(session, saving));

  constructor(
    private readonly collection: Collection<Row>,
    private readonly def: CollectionDef,
  ) {}

  read(tx: Tx, id: Id): Promise<Row | undefined> {
    return this.#reads.add(tx, id);
  }

  async insert(tx: Tx, row: Row): Promise<void> {
    await this.#inserts.add(tx, row);
  }

  async insertAll(tx: Tx, rows: readonly Row[]): Promise<void> {
    await tx.do((session) => this.#insert(session, rows));
  }

  async save(tx: Tx, saving: Saving): Promise<void> {
    await this.#saves.add(tx, saving);
  }

  async saveAll(tx: Tx, saving: readonly Saving[]): Promise<void> {
    await tx.do((session) => this.#save(session, saving));
  }

  async amendAll(tx: Tx, amendments: readonly Amendment[]): Promise<void> {
    let matched = 0;
    for (const { filter, update } of amendingOf(amendments))
      matched += await tx.do(
        async (session) => (await this.#refusing(this.collection.updateMany({ ...filter }, update, { session }))).matchedCount,
      );
    if (matched !== amendments.length) throw await this.#conflict(amendments.map(({ was }) => was));
  }

  async #read(session: ClientSession, ids: readonly Id[]): Promise<(Row | undefined)[]> {
    const orgIds = ids.flatMap(({ orgId }) => orgId ?? []);
    const within = orgIds.length === ids.length && { orgId: { $in: [...new Set(orgIds)] } };
    const named = [...new Set(ids.map(({ _id }) => _id))];
    const rows = await this.collection.find({ _id: { $in: named }, ...within }, { session }).toArray();
    const byId = new Map(rows.map((row) => [row._id, row]));
    return ids.map(({ _id, orgId }) => {
      const row = byId.get(_id);
      return row && (orgId === undefined || orgOf(row) === orgId) ? row : undefined;
    });
  }

  async #insert(session: ClientSession, rows: readonly Row[]): Promise<[]> {
    await this.#refusing(this.collection.insertMany(rows, { session }));
    return [];
  }

  async #save(session: ClientSession, saving: readonly Saving[]): Promise<[]> {
    const operations = saving.map(({ was, row }) => ({ replaceOne: { filter: { ...was }, replacement: row } }));
    const { matchedCount } = await this.#refusing(this.collection.bulkWrite(operations, { session }));
    if (matchedCount !== saving.length) throw await this.#conflict(saving.map(({ was }) => was));
    return [];
  }

  async #refusing<T>(writing: Promise<T>): Promise<T> {
    try {
      return await writing;
    } catch (error) {
      throw duplicate(this.def, error) ?? error;
    }
  }

  /** Asked outside of the transaction, which has the versions it tried to write. */
  async #conflict(read: readonly Saving['was'][]): Promise<DomainError> {
    const ids = read.map(({ _id }) => _id);
    const rows = await this.collection.find({ _id: { $in: ids } }, { projection: { version: 1 } }).toArray();
    const now = new Map(rows.map((row) => [row._id, row['version']]));
    const changed = read.filter(({ _id, version }) => now.get(_id) !== version).map(({ _id }) => _id);
    return new DomainError('conflict.version', `${changed.join(', ')} was changed meanwhile; read it again and repeat.`, {
      ids: changed,
    });
  }
}

/** Is it one document, named, that is asked for? */
export function idIn(where: object): Id | undefined {
  const [_id, orgId] = [valueAt(where, '_id'), orgOf(where)];
  const named = orgId === undefined ? 1 : 2;
  if (typeof _id !== 'string' || Object.keys(where).length !== named) return undefined;
  return { _id, ...(orgId !== undefined && { orgId }) };
}

export function orgOf(doc: object): string | undefined {
  const orgId = valueAt(doc, 'orgId');
  return typeof orgId === 'string' ? orgId : undefined;
}
