import { EmailAddress, Locale, PersonName, PropertyScope, RoleId, StaffId, type OrgId, type Staff } from '@leasewire/contracts';
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
import { fold, searchPhrases } from './staff-search.rules.js';

const Standing = z.discriminatedUnion('state', [
  z.object({ state: z.literal('invited'), inviteExpiresAt: z.date().nullable() }),
  z.object({ state: z.literal('active') }),
  z.object({ state: z.literal('archived'), at: z.date(), before: z.enum(['invited', 'active']) }),
]);

export const staffDef = defineCollection(
  'staff',
  tenantDoc.extend({
    _id: StaffId,
    email: EmailAddress,
    name: PersonName,
    nameKey: z.string().describe('The name as it is sorted'),
    search: z.array(z.string()).describe('What a search may begin with'),
    locale: Locale,
    standing: Standing,
    roleIds: z.array(RoleId),
    properties: PropertyScope,
    twoFactor: z.boolean(),
    lastSignInAt: z.date().nullable().describe('Noted, not versioned: signing in is not an edit'),
  }),
  {
    scope: 'org',
    indexes: [
      {
        keys: { orgId: 1, email: 1 },
        unique: true,
        onDuplicate: {
          code: 'staff.email-taken',
          message: 'Somebody of your staff has this e-mail address. Look among the archived too: they can be restored.',
        },
      },
      { keys: { email: 1 } },
      { keys: { orgId: 1, nameKey: 1, _id: 1 } },
      { keys: { orgId: 1, createdAt: 1, _id: 1 } },
      { keys: { orgId: 1, lastSignInAt: 1, _id: 1 } },
      { keys: { orgId: 1, search: 1 } },
      { keys: { orgId: 1, roleIds: 1 } },
    ],
  },
);
export type StaffDoc = DocOf<typeof staffDef>;

@Injectable()
export class StaffRepository extends TenantRepository<typeof staffDef> {
  constructor(db: Database) {
    super(db, staffDef);
  }

  /** Across organizations: the snapshot, in the order of ids. */
  after(_id: StaffDoc['_id'] | null, limit: number): Promise<StaffDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }

  /** Across organizations: everyone who might be signing in with this address. */
  byEmail(email: string): Promise<StaffDoc[]> {
    return systemScope(this).find({ email }, { sort: { _id: 1 } });
  }

  /** Read in the transaction that takes ownership from somebody. */
  otherOwners(tx: Tx, orgId: OrgId, ownerRoleId: RoleId, except: StaffId): Promise<number> {
    return this.count(
      { orgId, roleIds: ownerRoleId, 'standing.state': 'active', properties: 'all', _id: { $ne: except } },
      { tx, upTo: 1 },
    );
  }
}

/** The fields that follow from name and address. */
export function withDetails<D extends Pick<StaffDoc, 'name' | 'email'>>(doc: D): D & Pick<StaffDoc, 'nameKey' | 'search'> {
  return { ...doc, nameKey: fold(doc.name), search: searchPhrases(doc.name, doc.email) };
}

export function toStaff(doc: StaffDoc): Staff {
  const { standing } = doc;
  return {
    id: doc._id,
    email: doc.email,
    name: doc.name,
    locale: doc.locale,
    state: standing.state,
    roleIds: doc.roleIds,
    properties: doc.properties,
    twoFactor: doc.twoFactor,
    inviteExpiresAt: standing.state === 'invited' ? (standing.inviteExpiresAt?.toISOString() ?? null) : null,
    lastSignInAt: doc.lastSignInAt?.toISOString() ?? null,
    version: doc.version,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
