import {
  ActorRef,
  EmailAddress,
  GoLive,
  GoLiveId,
  JobId,
  NoWelcomeReason,
  PersonId,
  PropertyId,
  ResidentId,
  UserType,
} from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const { state, properties, totals } = GoLive.shape;
export const goLiveDef = defineCollection(
  'go_lives',
  tenantDoc.extend({
    _id: GoLiveId,
    state,
    propertyIds: z.array(PropertyId),
    userTypes: z.array(UserType),
    spreadDays: z.int(),
    properties,
    totals,
    acknowledgement: z.string(),
    basis: z.string().describe('Of the rules and texts that the estimate rests on'),
    validUntil: z.date(),
    jobId: JobId.nullable(),
    withdrawalJobId: JobId.optional(),
    createdBy: ActorRef,
    startedBy: ActorRef.nullable(),
    startedAt: z.date().nullable(),
    finishedAt: z.date().nullable(),
    goneAt: z.date().optional().describe('Estimates that nobody confirmed are not kept'),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, createdAt: -1, _id: -1 } },
      { keys: { orgId: 1, propertyIds: 1, createdAt: -1, _id: -1 } },
      { keys: { orgId: 1, jobId: 1 } },
      { keys: { goneAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
export const goLivePersonDef = defineCollection(
  'go_live_people',
  tenantDoc.extend({
    goLiveId: GoLiveId,
    personId: PersonId,
    residentId: ResidentId,
    propertyId: PropertyId,
    name: z.string(),
    email: EmailAddress.nullable(),
    userTypes: z.array(UserType),
    welcome: z.boolean(),
    reason: NoWelcomeReason.nullable(),
    /** The how-manieth mail, for spreading them. */
    n: z.int(),
    goneAt: z.date(),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, goLiveId: 1, residentId: 1 }, unique: true },
      { keys: { goneAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
export type GoLiveDoc = DocOf<typeof goLiveDef>;
export type GoLivePersonDoc = DocOf<typeof goLivePersonDef>;

@Injectable()
export class GoLiveRepository extends TenantRepository<typeof goLiveDef> {
  constructor(db: Database) {
    super(db, goLiveDef);
  }
}
@Injectable()
export class GoLivePersonRepository extends TenantRepository<typeof goLivePersonDef> {
  constructor(db: Database) {
    super(db, goLivePersonDef);
  }
}

export function toGoLive(doc: GoLiveDoc, now: Date): GoLive {
  return {
    id: doc._id,
    state: doc.state === 'estimated' && now > doc.validUntil ? 'lapsed' : doc.state,
    propertyIds: doc.propertyIds,
    userTypes: doc.userTypes,
    spreadDays: doc.spreadDays,
    properties: doc.properties,
    totals: doc.totals,
    userTypesNotReceived: ['property-manager', 'other'],
    acknowledgement: doc.acknowledgement,
    jobId: doc.jobId,
    withdrawalJobId: doc.withdrawalJobId ?? null,
    createdBy: doc.createdBy,
    startedBy: doc.startedBy,
    startedAt: doc.startedAt?.toISOString() ?? null,
    finishedAt: doc.finishedAt?.toISOString() ?? null,
    version: doc.version,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
