import { SessionId, StaffId, type OrgId, type Session } from '@leasewire/contracts';
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

const EndCause = z.enum(['signed-out', 'revoked', 'expired', 'token-reused', 'password-changed', 'archived']);

export const sessionDef = defineCollection(
  'sessions',
  tenantDoc.extend({
    _id: SessionId,
    staffId: StaffId,
    startedAt: z.date(),
    lastUsedAt: z.date(),
    expiresAt: z.date(),
    address: z.string(),
    userAgent: z.string(),
    familyKey: z.string(),
    refreshHash: z.string(),
    previous: z.object({ hash: z.string(), nonce: z.string(), rotatedAt: z.date() }).nullable(),
    ended: z.object({ at: z.date(), cause: EndCause }).nullable(),
    due: Due.optional().describe('Its end, while it is open'),
    purgeAt: z.date().nullable().describe('Ended ones are kept for a while, for those who look into something'),
  }),
  {
    scope: 'org',
    indexes: [{ keys: { orgId: 1, staffId: 1, _id: -1 } }, ...dueIndexes, { keys: { purgeAt: 1 }, expireAfterSeconds: 0 }],
  },
);
export type SessionDoc = DocOf<typeof sessionDef>;

@Injectable()
export class SessionRepository extends TenantRepository<typeof sessionDef> {
  constructor(db: Database) {
    super(db, sessionDef);
  }

  /** Across organizations: a token names its session, and nothing else is known yet. */
  byId(_id: SessionId): Promise<SessionDoc | null> {
    return systemScope(this).findOne({ _id });
  }

  openOf(orgId: OrgId, staffId: StaffId, tx: Tx): Promise<SessionDoc[]> {
    return this.find({ orgId, staffId, ended: null }, { tx, sort: { _id: -1 } });
  }
}

export function toSession(doc: SessionDoc): Session {
  return {
    id: doc._id,
    staffId: doc.staffId,
    startedAt: doc.startedAt.toISOString(),
    lastUsedAt: doc.lastUsedAt.toISOString(),
    expiresAt: doc.expiresAt.toISOString(),
    address: doc.address,
    userAgent: doc.userAgent,
  };
}
