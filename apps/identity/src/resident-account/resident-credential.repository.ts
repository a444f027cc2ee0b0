import { PersonId, type OrgId } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/**
 * The password of a resident, apart from the account so that it is never read by accident. Every sign-in and everything
 * that forbids one (archiving, closing, a new password) writes it: they cannot pass each other.
 */
export const residentCredentialDef = defineCollection(
  'resident_credentials',
  tenantDoc.extend({ _id: PersonId, passwordHash: z.string().nullable() }),
  { scope: 'org' },
);
export type ResidentCredentialDoc = DocOf<typeof residentCredentialDef>;

@Injectable()
export class ResidentCredentialRepository extends TenantRepository<typeof residentCredentialDef> {
  constructor(db: Database) {
    super(db, residentCredentialDef);
  }

  of(orgId: OrgId, _id: PersonId, tx?: Tx): Promise<ResidentCredentialDoc | null> {
    return this.findOne({ orgId, _id }, tx && { tx });
  }

  /** Across organizations: the accounts of one e-mail address. Asked even for nobody, which takes as long. */
  ofAll(ids: readonly PersonId[]): Promise<ResidentCredentialDoc[]> {
    return systemScope(this).find({ _id: { $in: [...ids] } });
  }

  async store(tx: Tx, orgId: OrgId, _id: PersonId, passwordHash: string | null): Promise<void> {
    const known = await this.of(orgId, _id, tx);
    if (known) await this.save(tx, { ...known, passwordHash });
    else await this.insert(tx, { _id, orgId, passwordHash });
  }
}
