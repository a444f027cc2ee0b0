import { DomainError } from '@leasewire/contracts';
import type { ClientSession, Collection, Filter } from 'mongodb';
import { isUnavailable, reaching, unavailable } from '../database/availability.js';
import { indexName, type CollectionDef, type IndexSpec, type SystemDoc } from './collection.js';
import type { Database } from '../database/database.js';
import { DocumentShape } from './document-shape.js';
import { refuseUndefined, type New, type Sort } from './filter.js';
import { after, completeSort, decodeCursor, encodeCursor, queryHash, type Page, type PageOptions } from './paging.js';
import { idIn, orgOf, Transacted, type Saving } from './transacted.js';
import type { Tx } from '../work/tx.js';

export interface FindOptions {
  readonly tx?: Tx;
  readonly sort?: Sort;
  readonly limit?: number;
}

export interface AggregateOptions {
  readonly tx?: Tx;
  /** One of the declared indexes, where the server takes a worse one. */
  readonly index?: IndexSpec;
}

/** A document with its changes, and the fields that are changed. */
export interface Amended<D> {
  readonly doc: D;
  readonly fields: readonly string[];
}

/** Under this key a repository hands its documents to the rest of this library, and to nobody else. */
export const raw = Symbol('documents');

/** A document as the driver sees it. */
export type Row = Record<string, unknown> & { _id: string };
type Where = Readonly<Record<string, unknown>> | object;

/** The operations on one collection, without a thought for organizations. Repositories put the walls around it. */
export class Documents<D extends SystemDoc> {
  readonly collection: Collection<Row>;
  readonly shape: DocumentShape<D>;
  readonly #within: Transacted;

  constructor(
    readonly db: Database,
    readonly def: CollectionDef,
  ) {
    this.collection = db.db.collection<Row>(def.name);
    this.#within = new Transacted(this.collection, def);
    this.shape = new DocumentShape<D>(def, db.checkReads ? db.log : undefined);
  }

  async findOne(where: Where, { tx }: { tx?: Tx }): Promise<D | null> {
    const filter = this.filter(where);
    const id = tx && idIn(where);
    const row = id
      ? await this.#within.read(tx, id)
      : await this.#perform(tx, (session) => this.collection.findOne(filter, session));
    return row ? this.shape.read(row) : null;
  }

  async get(id: Where & { readonly _id: string }, options: { tx?: Tx }): Promise<D> {
    const found = await this.findOne(id, options);
    if (found === null) throw new DomainError('not-found', `There is no ${id._id} here, or you may not see it.`);
    return found;
  }

  async find(where: Where, { tx, sort, limit, fields }: FindOptions & { fields?: readonly string[] }): Promise<D[]> {
    const filter = this.filter(where);
    const rows = await this.#perform(tx, (session) =>
      this.collection
        .find(filter, {
          ...session,
          ...(sort && { sort }),
          ...(limit && { limit }),
          ...(fields && { projection: projectionOf(fields) }),
        })
        .toArray(),
    );
    return rows.map((row) => this.#read(row, fields));
  }

  async *stream(
    where: Where,
    { fields, ...options }: FindOptions & { fields?: readonly string[] },
  ): AsyncGenerator<D, void, undefined> {
    for await (const rows of this.#batches(where, fields && projectionOf(fields), options))
      for (const row of rows) yield this.#read(row, fields);
  }

  /** Each as it came from the server: asking the cursor for one after the other costs more than the reading. */
  async *#batches(
    where: Where,
    projection: Record<string, 1> | undefined,
    { sort, limit }: FindOptions,
  ): AsyncGenerator<Row[], void, undefined> {
    const cursor = this.collection.find(this.filter(where), {
      ...(sort && { sort }),
      ...(limit && { limit }),
      ...(projection && { projection }),
      batchSize: 500,
    });
    try {
      while (await cursor.hasNext()) yield cursor.readBufferedDocuments();
    } catch (error) {
      throw isUnavailable(error) ? unavailable(error) : error;
    } finally {
      await cursor.close().catch(() => undefined); // it ends by itself
    }
  }

  async page(where: Where, options: PageOptions & { fields?: readonly string[] }): Promise<Page<D>> {
    const filter = this.filter(where);
    const sort = completeSort(options.sort);
    const hash = queryHash([this.def.name, orgOf(where), options.asked ?? where, sort, options.collation]);
    const collation = options.collation && { collation: options.collation };
    const { fields } = options;
    // by its name: the same keys may be in another one with a collation
    const hint = options.index && { hint: indexName(options.index) };
    const reading = {
      ...collation,
      ...hint,
      // where the page ends must be known to go on from there
      ...(fields && { projection: projectionOf([...fields, ...sort.map(([key]) => key)]) }),
    };
    const later =
      options.cursor === undefined ? undefined : after(sort, decodeCursor(options.cursor, hash, sort), this.shape.nullable);
    // Each branch repeats the whole filter: then each is planned by itself and reads from the index in order.
    const from: Filter<Row> = later === undefined ? filter : { $or: later.map((branch) => ({ $and: [filter, branch] })) };
    const [rows, total] = await reaching(() =>
      Promise.all([
        later?.length === 0
          ? []
          : this.collection.find(from, { ...reading, sort: Object.fromEntries(sort), limit: options.limit + 1 }).toArray(),
        options.withTotal ? this.collection.countDocuments(filter, { ...collation, ...hint }) : undefined,
      ]),
    );
    const items = rows.slice(0, options.limit);
    const last = items.at(-1);
    const nextCursor = rows.length > options.limit && last ? encodeCursor(hash, sort, last) : null;
    return { items: items.map((row) => this.#read(row, fields)), nextCursor, ...(total !== undefined && { total }) };
  }

  count(where: Where, { tx, upTo }: { tx?: Tx; upTo?: number }): Promise<number> {
    const filter = this.filter(where);
    return this.#perform(tx, (session) => this.collection.countDocuments(filter, { ...session, ...(upTo && { limit: upTo }) }));
  }

  aggregate(where: Where, stages: readonly object[], { tx, index }: AggregateOptions): Promise<Record<string, unknown>[]> {
    const pipeline = [{ $match: this.filter(where) }, ...stages];
    const hint = index && { hint: indexName(index) };
    return this.#perform(tx, (session) =>
      this.collection.aggregate<Record<string, unknown>>(pipeline, { ...session, ...hint }).toArray(),
    );
  }

  async insert(tx: Tx, doc: New<D>): Promise<D> {
    const row = this.#inserting(tx, doc);
    await this.#within.insert(tx, row);
    return row;
  }

  async insertMany(tx: Tx, docs: readonly New<D>[]): Promise<D[]> {
    if (docs.length === 0) return [];
    const rows = docs.map((doc) => this.#inserting(tx, doc));
    await this.#within.insertAll(tx, rows);
    return rows;
  }

  async save(tx: Tx, doc: D): Promise<D> {
    const saving = this.#saving(tx, doc);
    await this.#within.save(tx, saving);
    return saving.next;
  }

  async saveMany(tx: Tx, docs: readonly D[]): Promise<D[]> {
    if (docs.length === 0) return [];
    const saving = docs.map((doc) => this.#saving(tx, doc));
    await this.#within.saveAll(tx, saving);
    return saving.map(({ next }) => next);
  }

  async amendMany(tx: Tx, amended: readonly Amended<D>[]): Promise<D[]> {
    if (amended.length === 0) return [];
    const all = amended.map(({ doc, fields }) => {
      const { was, row, next } = this.#saving(tx, doc);
      return { was, set: Object.fromEntries([...fields, 'version', 'updatedAt'].map((field) => [field, row[field]])), next };
    });
    await this.#within.amendAll(tx, all);
    return all.map(({ next }) => next);
  }

  remove(tx: Tx, id: Where): Promise<boolean> {
    return tx.do(async (session) => (await this.collection.deleteOne(this.filter(id), { session })).deletedCount === 1);
  }

  removeMany(tx: Tx, where: Where): Promise<number> {
    return tx.do(async (session) => (await this.collection.deleteMany(this.filter(where), { session })).deletedCount);
  }

  touch(id: Where, fields: object): Promise<boolean> {
    return reaching(async () => (await this.collection.updateOne(this.filter(id), { $set: { ...fields } })).matchedCount === 1);
  }

  filter(where: Where): Filter<Row> {
    refuseUndefined(where, this.def.name);
    return { ...where };
  }

  #read(row: Row, fields: readonly string[] | undefined): D {
    return fields ? this.shape.readPart(row, fields) : this.shape.read(row);
  }

  /** Within a transaction its errors must reach the unit of work as they are; outside, they are put into words here. */
  #perform<T>(tx: Tx | undefined, operation: (options: { session?: ClientSession }) => Promise<T>): Promise<T> {
    return tx ? tx.do((session) => operation({ session })) : reaching(() => operation({}));
  }

  #inserting(tx: Tx, doc: New<D>): D & Row {
    return this.shape.create({ ...doc, version: 1, createdAt: tx.now, updatedAt: tx.now });
  }

  #saving(tx: Tx, doc: D): Saving & { readonly next: D } {
    const next = { ...doc, version: doc.version + 1, updatedAt: tx.now };
    const orgId = orgOf(doc);
    const was = { _id: doc._id, version: doc.version, ...(orgId !== undefined && { orgId }) };
    return { was, row: this.shape.write(next), next };
  }
}

function projectionOf(fields: readonly string[]): Record<string, 1> {
  const kept = ['_id', 'orgId', 'version', 'createdAt', 'updatedAt'];
  const all = new Set([...kept, ...fields]);
  // the server refuses a field beside a part of it
  const isPartOfOther = (path: string): boolean => [...all].some((other) => path.startsWith(`${other}.`));
  return Object.fromEntries([...all].filter((path) => !isPartOfOther(path)).map((field) => [field, 1]));
}
