import type { OrgId } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueIndexes,
  tenantDoc,
  TenantRepository,
  type DocOf,
  type New,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const retentionsDef = defineCollection(
  'retentions',
  tenantDoc.extend({
    days: z.int().nullable(),
    /** Counts the changes of the policy; `version` also counts the runs. */
    policyVersion: z.int(),
    /** Entries were retired of which no event has told yet. */
    untold: z.boolean(),
    due: Due.optional(),
  }),
  { scope: 'org', indexes: dueIndexes },
);
export type RetentionDoc = DocOf<typeof retentionsDef>;

/** One policy for each organization that ever set one. Its _id is the organization's. */
@Injectable()
export class RetentionRepository {
  readonly rows: TenantRepository<typeof retentionsDef>;

  constructor(db: Database) {
    this.rows = new TenantRepository(db, retentionsDef);
  }

  find(orgId: OrgId, tx?: Tx): Promise<RetentionDoc | null> {
    return this.rows.findOne({ orgId, _id: orgId }, tx ? { tx } : {});
  }

  save(tx: Tx, doc: RetentionDoc): Promise<RetentionDoc> {
    return this.rows.save(tx, doc);
  }

  insert(tx: Tx, doc: New<RetentionDoc>): Promise<RetentionDoc> {
    return this.rows.insert(tx, doc);
  }
}
