import { AttachmentId } from '@leasewire/contracts';
import { Database, defineCollection, systemScope, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const attachmentDef = defineCollection(
  'attachments',
  tenantDoc.extend({
    _id: AttachmentId,
    name: z.string(),
    contentType: z.string(),
    size: z.int(),
    state: z.enum(['uploading', 'ready']),
  }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, _id: 1 } }, { keys: { createdAt: 1 } }] },
);
export type AttachmentDoc = DocOf<typeof attachmentDef>;
export const attachmentPartDef = defineCollection(
  'attachment_parts',
  tenantDoc.extend({ _id: z.string(), attachmentId: AttachmentId, part: z.int(), data: z.string().describe('base64') }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, attachmentId: 1, part: 1 }, unique: true }] },
);

@Injectable()
export class AttachmentRepository extends TenantRepository<typeof attachmentDef> {
  constructor(db: Database) {
    super(db, attachmentDef);
  }

  /** Across organizations: those that came so long ago. */
  before(at: Date, limit: number): Promise<AttachmentDoc[]> {
    return systemScope(this).find({ createdAt: { $lt: at } }, { sort: { createdAt: 1 }, limit });
  }
}
@Injectable()
export class AttachmentPartRepository extends TenantRepository<typeof attachmentPartDef> {
  constructor(db: Database) {
    super(db, attachmentPartDef);
  }
}
