import { ActorRef, AuditEntryId, EventId, PropertyId, type OrgId } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  tenantDoc,
  TenantRepository,
  type DocOf,
  type New,
  type TenantFilter,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

interface Position {
  readonly at: Date;
  readonly _id: AuditEntryId;
}

/** Newest first within whatever is asked for; the id breaks ties in the order of recording. */
const byTime = { at: -1, _id: -1 } as const;

export const entriesDef = defineCollection(
  'entries',
  tenantDoc.extend({
    _id: AuditEntryId,
    seq: z.int().positive(),
    at: z.date(),
    recordedAt: z.date(),
    actor: ActorRef,
    type: z.string(),
    /** The type and its beginnings, so that a beginning is found like a whole: `identity`, `identity.staff`, … */
    types: z.array(z.string()),
    entity: z.string(),
    entityEpoch: z.int(),
    entityVersion: z.int(),
    propertyId: PropertyId.nullable(),
    /** Whoever sees only some properties sees it by this: its property; where none is concerned, whoever did it. */
    scope: z.string(),
    correlationId: z.string(),
    causationId: z.string().nullable(),
    eventId: EventId,
    content: z.string(),
    personal: z.array(z.object({ person: z.string(), box: z.string(), digest: z.string() })),
    previousHash: z.string(),
    hash: z.string(),
    /** Keyed digests of the words to find it by, and whose they are. Beside the chain: they go when the person goes. */
    terms: z.array(z.object({ w: z.string(), p: z.string().optional() })),
  }),
  {
    scope: 'org',
    indexes: [
      {
        keys: { orgId: 1, seq: 1 },
        unique: true,
        onDuplicate: {
          code: 'conflict.state',
          message:
            'This chain has entries beyond its head: the head was removed or set back. Verify the chain and restore its head.',
        },
      },
      { keys: { orgId: 1, eventId: 1 }, unique: true },
      { keys: { orgId: 1, ...byTime } },
      { keys: { orgId: 1, actor: 1, ...byTime } },
      { keys: { orgId: 1, entity: 1, ...byTime } },
      { keys: { orgId: 1, scope: 1, ...byTime } },
      { keys: { orgId: 1, types: 1, ...byTime } },
      { keys: { orgId: 1, correlationId: 1, ...byTime } },
      { keys: { orgId: 1, 'terms.w': 1, ...byTime } },
      { keys: { orgId: 1, 'terms.p': 1 }, partial: { 'terms.p': { $exists: true } } },
    ],
  },
);
export type EntryDoc = DocOf<typeof entriesDef>;

@Injectable()
export class EntryRepository {
  readonly #rows: TenantRepository<typeof entriesDef>;

  constructor(private readonly db: Database) {
    this.#rows = new TenantRepository(db, entriesDef);
  }

  /** Which of these events are in the chain already. The unique index on them makes recording happen once. */
  async recorded(tx: Tx, orgId: OrgId, eventIds: readonly EventId[]): Promise<Set<string>> {
    const rows = await this.#rows.find({ orgId, eventId: { $in: [...eventIds] } }, { tx, fields: ['eventId'] });
    return new Set(rows.map((row) => row.eventId));
  }

  add(tx: Tx, entries: readonly New<EntryDoc>[]): Promise<EntryDoc[]> {
    return this.#rows.insertMany(tx, entries);
  }

  find(filter: TenantFilter<EntryDoc>): Promise<EntryDoc | null> {
    return this.#rows.findOne(filter);
  }

  /**
   * In the order of time, after a position. The bound on `at` is what indexes understand, also for several scopes at once,
   * whose scans are merged; the rest of the condition only passes over those of the same moment.
   */
  after(filter: TenantFilter<EntryDoc>, direction: 1 | -1, position: Position | null, limit: number): Promise<EntryDoc[]> {
    const [beyond, fromThere] = direction === 1 ? (['$gt', '$gte'] as const) : (['$lt', '$lte'] as const);
    const later = position && [
      { at: { [fromThere]: position.at } },
      { $or: [{ at: { [beyond]: position.at } }, { _id: { [beyond]: position._id } }] },
    ];
    return this.#rows.find(later ? { ...filter, $and: later } : filter, { sort: { at: direction, _id: direction }, limit });
  }

  count(filter: TenantFilter<EntryDoc>): Promise<number> {
    return this.#rows.count(filter);
  }

  /** Those that match between two sequences, in the order of the chain. */
  inStretch(filter: TenantFilter<EntryDoc>, from: number, until: number): Promise<EntryDoc[]> {
    return this.#rows.find({ ...filter, seq: { $gte: from, $lt: until } }, { sort: { seq: 1 } });
  }

  /** The oldest ones that were recorded before then, up to a position, in their order. */
  async oldest(tx: Tx, orgId: OrgId, before: Date, limit: number): Promise<Pick<EntryDoc, 'seq' | 'hash' | 'type'>[]> {
    const rows = await this.#rows.find({ orgId }, { tx, sort: { seq: 1 }, limit, fields: ['seq', 'hash', 'type', 'recordedAt'] });
    return rows.filter((row) => row.recordedAt < before);
  }

  removeUpTo(tx: Tx, orgId: OrgId, seq: number): Promise<number> {
    return this.#rows.removeMany(tx, { orgId, seq: { $lte: seq } });
  }

  /** Their names are not found any more. A batch at a time; true when none is left. */
  async forgetWords(orgId: OrgId, person: string, batch: number): Promise<boolean> {
    const rows = await this.#rows.find({ orgId, 'terms.p': person }, { limit: batch, fields: ['seq'] });
    const ids = rows.map((row) => row._id);
    // beside the chain, so neither a transaction nor a new version
    const entries = this.db.db.collection<{ _id: string; orgId: string; terms: { p?: string }[] }>(entriesDef.name);
    await entries.updateMany({ orgId, _id: { $in: ids } }, { $pull: { terms: { p: person } } });
    return rows.length < batch;
  }
}
