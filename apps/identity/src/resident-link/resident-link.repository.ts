import { EmailAddress, InviteId, PersonId, type OrgId } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueIndexes,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const Life = z.discriminatedUnion('state', [
  z.object({ state: z.literal('open') }),
  z.object({ state: z.literal('used'), at: z.date() }),
  z.object({ state: z.literal('replaced'), at: z.date() }),
]);
export const ResidentLinkPurpose = z.enum(['password-reset', 'email-change']);
export type ResidentLinkPurpose = z.infer<typeof ResidentLinkPurpose>;

export const residentLinkDef = defineCollection(
  'resident_links',
  tenantDoc.extend({
    _id: InviteId,
    personId: PersonId,
    purpose: ResidentLinkPurpose,
    email: EmailAddress.describe('Where it goes; of a change, the new address'),
    hash: z.string(),
    token: z.string().nullable().describe('Sealed, and only until it was handed to notifications'),
    requestId: z.string().nullable().describe('Which “forgot password” it answers'),
    expiresAt: z.date(),
    life: Life,
    due: Due.optional().describe('To be mailed'),
    purgeAt: z.date(),
  }),
  {
    scope: 'org',
    sealed: ['token'],
    indexes: [
      { keys: { hash: 1 }, unique: true },
      { keys: { orgId: 1, personId: 1, 'life.state': 1 } },
      ...dueIndexes,
      { keys: { purgeAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
export type ResidentLinkDoc = DocOf<typeof residentLinkDef>;

@Injectable()
export class ResidentLinkRepository extends TenantRepository<typeof residentLinkDef> {
  constructor(db: Database) {
    super(db, residentLinkDef);
  }

  /** Across organizations: whoever opens a link is known by nothing else. */
  byHash(hash: string): Promise<ResidentLinkDoc | null> {
    return systemScope(this).findOne({ hash });
  }

  openOf(tx: Tx, orgId: OrgId, personId: PersonId): Promise<ResidentLinkDoc[]> {
    return this.find({ orgId, personId, 'life.state': 'open' }, { tx });
  }
}
