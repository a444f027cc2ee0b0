import { ActorRef, AuditFilter, JobId, PropertyScope, type OrgId } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  SecretBox,
  tenantDoc,
  TenantRepository,
  type DocOf,
  type New,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Part } from './export.rules.js';

const format = z.enum(['ndjson', 'csv']);

export const exportsDef = defineCollection(
  'exports',
  tenantDoc.extend({
    _id: JobId,
    format,
    filter: AuditFilter,
    /** What the one who asked may see, as it was then. */
    actor: ActorRef,
    properties: PropertyScope,
    entries: z.int(),
    parts: z.int(),
    expiresAt: z.date(),
  }),
  { scope: 'org', indexes: [{ keys: { expiresAt: 1 }, expireAfterSeconds: 0 }] },
);
export const exportPartsDef = defineCollection(
  'export_parts',
  tenantDoc.extend({
    jobId: JobId,
    /** Of the first sequence that was looked at for it; parts of the same one are numbered. */
    from: z.int(),
    n: z.int(),
    entries: z.int(),
    /** Sealed: it holds names. */
    content: z.string(),
    expiresAt: z.date(),
  }),
  {
    scope: 'org',
    sealed: ['content'],
    indexes: [
      { keys: { orgId: 1, jobId: 1, from: 1, n: 1 }, unique: true },
      { keys: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
export type ExportDoc = DocOf<typeof exportsDef>;

/** Exports and their parts, for a day. */
@Injectable()
export class ExportRepository {
  readonly #exports: TenantRepository<typeof exportsDef>;
  readonly #parts: TenantRepository<typeof exportPartsDef>;

  constructor(
    private readonly db: Database,
    private readonly box: SecretBox,
  ) {
    this.#exports = new TenantRepository(db, exportsDef);
    this.#parts = new TenantRepository(db, exportPartsDef);
  }

  find(orgId: OrgId, id: JobId, tx?: Tx): Promise<ExportDoc | null> {
    return this.#exports.findOne({ orgId, _id: id }, tx ? { tx } : {});
  }

  insert(tx: Tx, doc: New<ExportDoc>): Promise<ExportDoc> {
    return this.#exports.insert(tx, doc);
  }

  save(tx: Tx, doc: ExportDoc): Promise<ExportDoc> {
    return this.#exports.save(tx, doc);
  }

  async addParts(tx: Tx, { orgId, _id: jobId, expiresAt }: ExportDoc, from: number, parts: readonly Part[]): Promise<void> {
    const docs = parts.map(({ content, entries }, n) => {
      const sealed = this.box.seal(content, placeOf(orgId));
      return { _id: `${jobId}/${from}/${n}`, orgId, jobId, from, n, entries, content: sealed, expiresAt };
    });
    await this.#parts.insertMany(tx, docs);
  }

  /** The part of this number, in the order of the chain; null when there is none. */
  async part(orgId: OrgId, jobId: JobId, number: number): Promise<string | null> {
    const rows = await this.#parts.aggregate({ orgId, jobId }, [{ $sort: { from: 1, n: 1 } }, { $skip: number }, { $limit: 1 }]);
    const content = rows[0]?.['content'];
    return typeof content === 'string' ? this.box.open(content, placeOf(orgId)) : null;
  }

  async totals(tx: Tx, orgId: OrgId, jobId: JobId): Promise<{ entries: number; parts: number }> {
    const sums = { $group: { _id: null, entries: { $sum: '$entries' }, parts: { $sum: 1 } } };
    const [row] = await this.#parts.aggregate({ orgId, jobId }, [{ $project: { entries: 1 } }, sums], { tx });
    return { entries: Number(row?.['entries'] ?? 0), parts: Number(row?.['parts'] ?? 0) };
  }

  /** They are copies, which anybody may have made again. */
  async removeAll(orgId: OrgId): Promise<void> {
    await this.db.db.collection(exportPartsDef.name).deleteMany({ orgId });
    await this.db.db.collection(exportsDef.name).deleteMany({ orgId });
  }
}

const placeOf = (orgId: OrgId) => ({ orgId, collection: exportPartsDef.name, field: 'content' });
