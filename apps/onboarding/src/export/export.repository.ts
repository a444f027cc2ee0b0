import { JobId, type OrgId } from '@leasewire/contracts';
import { Database, defineCollection, SecretBox, tenantDoc, TenantRepository, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const exportPartDef = defineCollection(
  'export_parts',
  tenantDoc.extend({
    jobId: JobId,
    upTo: z.string().describe('The last person that was looked at for it'),
    content: z.string().describe('Sealed: it holds names'),
    expiresAt: z.date(),
  }),
  {
    scope: 'org',
    sealed: ['content'],
    indexes: [
      { keys: { orgId: 1, jobId: 1, upTo: 1 }, unique: true },
      { keys: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
const keptMs = 86_400_000;

/** The parts of a file, for a day. */
@Injectable()
export class ExportPartRepository {
  readonly #parts: TenantRepository<typeof exportPartDef>;

  constructor(
    db: Database,
    private readonly box: SecretBox,
  ) {
    this.#parts = new TenantRepository(db, exportPartDef);
  }

  async add(tx: Tx, jobId: JobId, upTo: string, text: string): Promise<void> {
    const { orgId } = tx;
    const content = this.box.seal(text, placeOf(orgId));
    const expiresAt = new Date(tx.now.getTime() + keptMs);
    await this.#parts.insert(tx, { _id: `${jobId}/${upTo}`, orgId, jobId, upTo, content, expiresAt });
  }

  count(orgId: OrgId, jobId: JobId): Promise<number> {
    return this.#parts.count({ orgId, jobId });
  }

  async part(orgId: OrgId, jobId: JobId, number: number): Promise<string | null> {
    const [row] = await this.#parts.aggregate({ orgId, jobId }, [{ $sort: { upTo: 1 } }, { $skip: number }, { $limit: 1 }]);
    const content = row?.['content'];
    return typeof content === 'string' ? this.box.open(content, placeOf(orgId)) : null;
  }
}

const placeOf = (orgId: OrgId) => ({ orgId, collection: exportPartDef.name, field: 'content' });
