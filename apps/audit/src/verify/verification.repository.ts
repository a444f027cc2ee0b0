import type { OrgId } from '@leasewire/contracts';
import { Database, defineCollection, tenantDoc, TenantRepository, type DocOf, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const verificationsDef = defineCollection('verifications', tenantDoc.extend({ known: z.array(z.string()) }), {
  scope: 'org',
});
export type VerificationDoc = DocOf<typeof verificationsDef>;

/** Faults that were told already. The _id is the organization's. */
@Injectable()
export class VerificationRepository {
  readonly #rows: TenantRepository<typeof verificationsDef>;

  constructor(db: Database) {
    this.#rows = new TenantRepository(db, verificationsDef);
  }

  find(orgId: OrgId, tx?: Tx): Promise<VerificationDoc | null> {
    return this.#rows.findOne({ orgId, _id: orgId }, tx ? { tx } : {});
  }

  put(tx: Tx, orgId: OrgId, doc: VerificationDoc | null, known: string[]): Promise<VerificationDoc> {
    return doc ? this.#rows.save(tx, { ...doc, known }) : this.#rows.insert(tx, { _id: orgId, orgId, known });
  }
}
