import { EmailAddress, PersonId, PropertyId, ResidentId, ResidentState, type OrgId } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** What is known here of directory's residents: enough to say whether somebody still lives anywhere, and where. */
export const residencyDef = defineCollection(
  'residencies',
  tenantDoc.extend({
    _id: ResidentId,
    personId: PersonId,
    propertyId: PropertyId,
    state: ResidentState,
    email: EmailAddress.nullable(),
    name: z.string(),
    known: z.object({ epoch: z.int(), version: z.int() }).describe('Of the event that said so'),
  }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, personId: 1 } }] },
);
export type ResidencyDoc = DocOf<typeof residencyDef>;

@Injectable()
export class ResidencyRepository extends TenantRepository<typeof residencyDef> {
  constructor(db: Database) {
    super(db, residencyDef);
  }

  ofPerson(tx: Tx, orgId: OrgId, personId: PersonId): Promise<ResidencyDoc[]> {
    return this.find({ orgId, personId }, { tx });
  }

  /** The same, each saved as it is: what directory says of one at this moment comes before or after, and is not passed by. */
  async heldOfPerson(tx: Tx, orgId: OrgId, personId: PersonId): Promise<ResidencyDoc[]> {
    const all = await this.ofPerson(tx, orgId, personId);
    for (const residency of all) await this.save(tx, residency);
    return all;
  }
}
