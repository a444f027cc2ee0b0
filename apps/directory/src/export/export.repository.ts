import { JobId, PropertyScope, type OrgId } from '@leasewire/contracts';
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

const gone = [{ keys: { expiresAt: 1 }, expireAfterSeconds: 0 }] as const;

export const exportsDef = defineCollection(
  'exports',
  tenantDoc.extend({
    _id: JobId,
    what: z.enum(['residents', 'units']),
    properties: PropertyScope.describe('What the one who asked may see, as it was then'),
    expiresAt: z.date(),
  }),
  { scope: 'org', indexes: gone },
);
export const exportPartsDef = defineCollection(
  'export_parts',
  tenantDoc.extend({
    jobId: JobId,
    upTo: z.string().describe('The last id that was looked at for it'),
    content: z.string().describe('Sealed: it holds names'),
    expiresAt: z.date(),
  }),
  { scope: 'org', sealed: ['content'], indexes: [{ keys: { orgId: 1, jobId: 1, upTo: 1 }, unique: true }, ...gone] },
);
export type ExportDoc = DocOf<typeof exportsDef>;

/** Exports and their parts, for a day. */
@Injectable()
export class ExportRepository {
  readonly #exports: TenantRepository<typeof exportsDef>;
  readonly #parts: TenantRepository<typeof exportPartsDef>;

  constructor(
    db: Database,
    private readonly box: SecretBox,
  ) {
    this.#exports = new TenantRepository(db, exportsDef);
    this.#parts = new TenantRepository(db, exportPartsDef);
  }

  find(orgId: OrgId, _id: JobId, tx?: Tx): Promise<ExportDoc | null> {
    return this.#exports.findOne({ orgId, _id }, tx ? { tx } : {});
  }

  /** Of the last day: older ones are forgotten. */
  async newest(orgId: OrgId, what: ExportDoc['what']): Promise<ExportDoc | null> {
    const [newest] = await this.#exports.find({ orgId, what }, { sort: { _id: -1 }, limit: 1 });
    return newest ?? null;
  }

  insert(tx: Tx, doc: New<ExportDoc>): Promise<ExportDoc> {
    return this.#exports.insert(tx, doc);
  }

  async addPart(tx: Tx, { orgId, _id: jobId, expiresAt }: ExportDoc, upTo: string, text: string): Promise<void> {
    const content = this.box.seal(text, placeOf(orgId));
    await this.#parts.insert(tx, { _id: `${jobId}/${upTo}`, orgId, jobId, upTo, content, expiresAt });
  }

  countParts(orgId: OrgId, jobId: JobId): Promise<number> {
    return this.#parts.count({ orgId, jobId });
  }

  /** The part of this number; null when there is none. */
  async part(orgId: OrgId, jobId: JobId, number: number): Promise<string | null> {
    const rows = await this.#parts.aggregate({ orgId, jobId }, [{ $sort: { upTo: 1 } }, { $skip: number }, { $limit: 1 }]);
    const content = rows[0]?.['content'];
    return typeof content === 'string' ? this.box.open(content, placeOf(orgId)) : null;
  }
}

const placeOf = (orgId: OrgId) => ({ orgId, collection: exportPartsDef.name, field: 'content' });
