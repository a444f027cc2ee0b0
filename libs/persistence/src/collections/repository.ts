import type { OrgId } from '@leasewire/contracts';
import type { CollectionDef, DocOf, SystemDoc, TenantDoc } from './collection.js';
import type { Database } from '../database/database.js';
import { Documents, raw, type AggregateOptions, type FindOptions } from './documents.js';
import type { Conditions, New, TenantFilter } from './filter.js';
import type { Page, PageOptions } from './paging.js';
import type { Tx } from '../work/tx.js';

type TenantOf<Def extends CollectionDef> = DocOf<Def> & TenantDoc;
type SystemOf<Def extends CollectionDef> = DocOf<Def> & SystemDoc;
/** Fields that the repository keeps itself. */
type Kept = '_id' | 'orgId' | 'version' | 'createdAt' | 'updatedAt';

export interface TenantId {
  readonly orgId: OrgId;
  readonly _id: string;
}

/** The only way to the documents of an organization. A filter without `orgId` does not compile. */
export class TenantRepository<Def extends CollectionDef<CollectionDef['schema'], 'org'>, D extends TenantDoc = TenantOf<Def>> {
  readonly #documents: Documents<D>;

  constructor(db: Database, def: Def) {
    this.#documents = new Documents<D>(db, def);
  }

  /** For `systemScope` and the claimers of this library; its key is not exported from it. */
  get [raw](): Documents<D> {
    return this.#documents;
  }

  findOne(filter: TenantFilter<D>, options: { tx?: Tx } = {}): Promise<D | null> {
    return this.#documents.findOne(within(filter, options.tx), options);
  }

  /** The document, or `not-found`: also when it is another organization's. */
  get(id: TenantId, options: { tx?: Tx } = {}): Promise<D> {
    return this.#documents.get(only(id, options.tx), options);
  }

  find<K extends keyof D & string>(
    filter: TenantFilter<D>,
    options: FindOptions & { fields: readonly K[] },
  ): Promise<Pick<D, K | (Kept & keyof D)>[]>;
  find(filter: TenantFilter<D>, options?: FindOptions): Promise<D[]>;
  find(filter: TenantFilter<D>, options: FindOptions & { fields?: readonly string[] } = {}): Promise<D[]> {
    return this.#documents.find(within(filter, options.tx), options);
  }

  /** All that match, a batch at a time: for what does not fit into memory. */
  stream<K extends keyof D & string>(
    filter: TenantFilter<D>,
    options: Omit<FindOptions, 'tx'> & { fields: readonly K[] },
  ): AsyncIterable<Pick<D, K | (Kept & keyof D)>>;
  stream(filter: TenantFilter<D>, options?: Omit<FindOptions, 'tx'>): AsyncIterable<D>;
  stream(filter: TenantFilter<D>, options: Omit<FindOptions, 'tx'> & { fields?: readonly string[] } = {}): AsyncIterable<D> {
    return this.#documents.stream(within(filter), options);
  }

  /** One page by keyset: it costs the same wherever it is, and neither skips nor repeats what stays while others come and go. */
  page<K extends keyof D & string>(
    filter: TenantFilter<D>,
    options: PageOptions & { fields: readonly K[] },
  ): Promise<Page<Pick<D, K | (Kept & keyof D)>>>;
  page(filter: TenantFilter<D>, options: PageOptions): Promise<Page<D>>;
  page(filter: TenantFilter<D>, options: PageOptions & { fields?: readonly string[] }): Promise<Page<D>> {
    return this.#documents.page(within(filter), options);
  }

  count(filter: TenantFilter<D>, options: { tx?: Tx; upTo?: number } = {}): Promise<number> {
    return this.#documents.count(within(filter, options.tx), options);
  }

  /** Stages after a `$match` of the filter. `$lookup` must match `orgId` itself. */
  aggregate(
    filter: TenantFilter<D>,
    stages: readonly object[],
    options: AggregateOptions = {},
  ): Promise<Record<string, unknown>[]> {
    return this.#documents.aggregate(within(filter, options.tx), stages, options);
  }

  insert(tx: Tx, doc: New<D>): Promise<D> {
    tx.admit(doc.orgId);
    return this.#documents.insert(tx, doc);
  }

  /** Replaces the document whose version is `doc.version`; `conflict.version` when somebody else was faster. */
  save(tx: Tx, doc: D): Promise<D> {
    tx.admit(doc.orgId);
    return this.#documents.save(tx, doc);
  }

  insertMany(tx: Tx, docs: readonly New<D>[]): Promise<D[]> {
    for (const doc of docs) tx.admit(doc.orgId);
    return this.#documents.insertMany(tx, docs);
  }

  /** About a hundred in one transaction; either all are saved or none. */
  saveMany(tx: Tx, docs: readonly D[]): Promise<D[]> {
    for (const doc of docs) tx.admit(doc.orgId);
    return this.#documents.saveMany(tx, docs);
  }

  /** As `saveMany`, but only these fields are written: less for the server to do where the same happens to many. */
  amendMany(tx: Tx, changes: readonly (readonly [D, Partial<Omit<D, Kept>>])[]): Promise<D[]> {
    for (const [doc] of changes) tx.admit(doc.orgId);
    return this.#documents.amendMany(
      tx,
      changes.map(([doc, change]) => ({ doc: { ...doc, ...change }, fields: Object.keys(change) })),
    );
  }

  /** Is it gone now that was there before? */
  remove(tx: Tx, id: TenantId): Promise<boolean> {
    return this.#documents.remove(tx, only(id, tx));
  }

  removeMany(tx: Tx, filter: TenantFilter<D>): Promise<number> {
    return this.#documents.removeMany(tx, within(filter, tx));
  }

  /** Notes what nobody decides on (last used, last seen): no transaction, no new version, no event. */
  touch(id: TenantId, fields: Partial<Omit<D, Kept>>): Promise<boolean> {
    return this.#documents.touch(only(id), fields);
  }
}

/** For the few collections that belong to no organization. */
export class SystemRepository<Def extends CollectionDef<CollectionDef['schema'], 'system'>, D extends SystemDoc = SystemOf<Def>> {
  readonly #documents: Documents<D>;

  constructor(db: Database, def: Def) {
    this.#documents = new Documents<D>(db, def);
  }

  /** For the claimers of this library. */
  get [raw](): Documents<D> {
    return this.#documents;
  }

  findOne(filter: Conditions<D>, options: { tx?: Tx } = {}): Promise<D | null> {
    return this.#documents.findOne(filter, options);
  }

  get(_id: string, options: { tx?: Tx } = {}): Promise<D> {
    return this.#documents.get({ _id }, options);
  }

  find(filter: Conditions<D>, options: FindOptions = {}): Promise<D[]> {
    return this.#documents.find(filter, options);
  }

  page(filter: Conditions<D>, options: PageOptions): Promise<Page<D>> {
    return this.#documents.page(filter, options);
  }

  count(filter: Conditions<D>, options: { tx?: Tx; upTo?: number } = {}): Promise<number> {
    return this.#documents.count(filter, options);
  }

  insert(tx: Tx, doc: New<D>): Promise<D> {
    return this.#documents.insert(tx, doc);
  }

  save(tx: Tx, doc: D): Promise<D> {
    return this.#documents.save(tx, doc);
  }

  remove(tx: Tx, _id: string): Promise<boolean> {
    return this.#documents.remove(tx, { _id });
  }

  removeMany(tx: Tx, filter: Conditions<D>): Promise<number> {
    return this.#documents.removeMany(tx, filter);
  }

  touch(_id: string, fields: Partial<Omit<D, Kept>>): Promise<boolean> {
    return this.#documents.touch({ _id }, fields);
  }
}

/** A whole document may be given as an id, and then its other fields are not conditions. */
const only = ({ orgId, _id }: TenantId, tx?: Tx): TenantId => within({ orgId, _id }, tx);

/** The type says so already; this holds also for what came in through a hole in the types. */
function within<F extends { readonly orgId: OrgId }>(filter: F, tx?: Tx): F {
  if (typeof filter.orgId !== 'string') throw new TypeError('orgId in a filter must be one plain id');
  tx?.admit(filter.orgId);
  return filter;
}
