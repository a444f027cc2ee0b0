import { Database, defineCollection, TenantRepository, tenantDoc } from '@leasewire/persistence';
import type { EmailAddress, OrgId } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** Addresses that notifications does not write to, as it tells: an estimate must know them. */
export const suppressedDef = defineCollection(
  'suppressed',
  tenantDoc.extend({ email: z.string(), known: z.object({ epoch: z.int(), version: z.int() }), active: z.boolean() }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, active: 1, email: 1 } }] },
);

@Injectable()
export class SuppressedRepository extends TenantRepository<typeof suppressedDef> {
  constructor(db: Database) {
    super(db, suppressedDef);
  }

  /** Which of these are. */
  async among(orgId: OrgId, emails: readonly string[]): Promise<(email: z.output<typeof EmailAddress>) => boolean> {
    const found = await this.find({ orgId, active: true, email: { $in: [...emails] } }, { fields: ['email'] });
    const all = new Set(found.map(({ email }) => email));
    return (email) => all.has(email);
  }
}
