import { ChainHead, type OrgId } from '@leasewire/contracts';
import { Database, defineCollection, tenantDoc, TenantRepository, type DocOf, type New, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';

export const headsDef = defineCollection('heads', tenantDoc.extend(ChainHead.shape), {
  scope: 'org',
  indexes: [{ keys: { orgId: 1, seq: 1 } }],
});

/** Heads that were announced. */
@Injectable()
export class HeadRepository {
  readonly #rows: TenantRepository<typeof headsDef>;

  constructor(db: Database) {
    this.#rows = new TenantRepository(db, headsDef);
  }

  async add(tx: Tx, head: New<DocOf<typeof headsDef>>): Promise<void> {
    await this.#rows.insert(tx, head);
  }

  removeUpTo(tx: Tx, orgId: OrgId, seq: number): Promise<number> {
    return this.#rows.removeMany(tx, { orgId, seq: { $lte: seq } });
  }
}
