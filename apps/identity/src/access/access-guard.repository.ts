import { OrgId, RoleId } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';

/**
 * One document per organization that every change of access writes. A rule over several people (an owner remains, nobody
 * holds a role that is removed) is decided on what a transaction read; that two replicas decide at once on the same
 * reading is ruled out by both writing this: one of them is run again and reads what the other did.
 */
export const accessGuardDef = defineCollection('access_guards', tenantDoc.extend({ _id: OrgId, ownerRoleId: RoleId }), {
  scope: 'org',
});
export type AccessGuardDoc = DocOf<typeof accessGuardDef>;

@Injectable()
export class AccessGuardRepository extends TenantRepository<typeof accessGuardDef> {
  constructor(db: Database) {
    super(db, accessGuardDef);
  }

  /** First in every unit of work that changes who may do what. */
  async lock(tx: Tx, orgId: OrgId): Promise<AccessGuardDoc> {
    return this.save(tx, await this.get({ orgId, _id: orgId }, { tx }));
  }
}
