import {
  EmailAddress,
  Locale,
  PersonId,
  ResidentAccountState,
  ResidentDisplayName,
  type OrgId,
  type ResidentAccount,
} from '@leasewire/contracts';
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

export const residentAccountDef = defineCollection(
  'resident_accounts',
  tenantDoc.extend({
    _id: PersonId,
    email: EmailAddress,
    emailSource: z.enum(['directory', 'resident']),
    name: ResidentDisplayName,
    locale: Locale,
    state: ResidentAccountState,
    passwordSetAt: z.date(),
    lastSignInAt: z.date().nullable().describe('Noted, not versioned: signing in is not an edit'),
  }),
  { scope: 'org', indexes: [{ keys: { email: 1 } }, { keys: { orgId: 1, _id: 1 } }] },
);
export type ResidentAccountDoc = DocOf<typeof residentAccountDef>;

@Injectable()
export class ResidentAccountRepository extends TenantRepository<typeof residentAccountDef> {
  constructor(db: Database) {
    super(db, residentAccountDef);
  }

  /** Across organizations: the snapshot, in the order of ids. */
  after(_id: ResidentAccountDoc['_id'] | null, limit: number): Promise<ResidentAccountDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }

  /** Across organizations: everyone who might be signing in with this address. */
  byEmail(email: string): Promise<ResidentAccountDoc[]> {
    return systemScope(this).find({ email }, { sort: { _id: 1 } });
  }

  of(orgId: OrgId, _id: PersonId, tx?: Tx): Promise<ResidentAccountDoc | null> {
    return this.findOne({ orgId, _id }, tx && { tx });
  }
}

export function toResidentAccount(doc: ResidentAccountDoc): ResidentAccount {
  return {
    personId: doc._id,
    email: doc.email,
    emailSource: doc.emailSource,
    name: doc.name,
    locale: doc.locale,
    state: doc.state,
    passwordSetAt: doc.passwordSetAt.toISOString(),
    lastSignInAt: doc.lastSignInAt?.toISOString() ?? null,
    version: doc.version,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
