import { PersonId, ResidentSessionEnd, SessionId, type OrgId, type ResidentSession } from '@leasewire/contracts';
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

export const residentSessionDef = defineCollection(
  'resident_sessions',
  tenantDoc.extend({
    _id: SessionId,
    personId: PersonId,
    startedAt: z.date(),
    lastUsedAt: z.date(),
    expiresAt: z.date(),
    address: z.string(),
    userAgent: z.string(),
    familyKey: z.string(),
    refreshHash: z.string(),
    previous: z.object({ hash: z.string(), nonce: z.string(), rotatedAt: z.date() }).nullable(),
    ended: z.object({ at: z.date(), cause: ResidentSessionEnd }).nullable(),
    due: Due.optional().describe('Its end, while it is open'),
    purgeAt: z.date().nullable().describe('Ended ones are kept for a while, for those who look into something'),
  }),
  {
    scope: 'org',
    indexes: [{ keys: { orgId: 1, personId: 1, _id: -1 } }, ...dueIndexes, { keys: { purgeAt: 1 }, expireAfterSeconds: 0 }],
  },
);
export type ResidentSessionDoc = DocOf<typeof residentSessionDef>;

@Injectable()
export class ResidentSessionRepository extends TenantRepository<typeof residentSessionDef> {
  constructor(db: Database) {
    super(db, residentSessionDef);
  }

  /** Across organizations: a token names its session, and nothing else is known yet. */
  byId(_id: SessionId): Promise<ResidentSessionDoc | null> {
    return systemScope(this).findOne({ _id });
  }

  openOf(orgId: OrgId, personId: PersonId, tx?: Tx): Promise<ResidentSessionDoc[]> {
    return this.find({ orgId, personId, ended: null }, { ...(tx && { tx }), sort: { _id: -1 } });
  }
}

export function toResidentSession(doc: ResidentSessionDoc): ResidentSession {
  return {
    id: doc._id,
    personId: doc.personId,
    startedAt: doc.startedAt.toISOString(),
    lastUsedAt: doc.lastUsedAt.toISOString(),
    expiresAt: doc.expiresAt.toISOString(),
    address: doc.address,
    userAgent: doc.userAgent,
  };
}
