import { ActorRef, PersonId, PropertyId, ResidentId, ResidentViewId, type ResidentView } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueIndexes,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const residentViewDef = defineCollection(
  'resident_views',
  tenantDoc.extend({
    _id: ResidentViewId,
    personId: PersonId,
    residentId: ResidentId,
    propertyId: PropertyId,
    by: ActorRef,
    byName: z.string(),
    reason: z.string(),
    startedAt: z.date(),
    expiresAt: z.date(),
    endedAt: z.date().nullable(),
    due: Due.optional(),
    purgeAt: z.date(),
  }),
  { scope: 'org', indexes: [...dueIndexes, { keys: { purgeAt: 1 }, expireAfterSeconds: 0 }] },
);
export type ResidentViewDoc = DocOf<typeof residentViewDef>;

@Injectable()
export class ResidentViewRepository extends TenantRepository<typeof residentViewDef> {
  constructor(db: Database) {
    super(db, residentViewDef);
  }

  /** Across organizations: its token names it, and nothing else is known yet. */
  byId(_id: ResidentViewDoc['_id']): Promise<ResidentViewDoc | null> {
    return systemScope(this).findOne({ _id });
  }
}

export function toResidentView(doc: ResidentViewDoc): ResidentView {
  return {
    id: doc._id,
    personId: doc.personId,
    residentId: doc.residentId,
    propertyId: doc.propertyId,
    by: doc.by,
    byName: doc.byName,
    reason: doc.reason,
    startedAt: doc.startedAt.toISOString(),
    expiresAt: doc.expiresAt.toISOString(),
    endedAt: doc.endedAt?.toISOString() ?? null,
  };
}
