import { ActorRef, Hold, HoldId, PropertyId, ResidentId, SyncRunId, UpstreamPerson, type OrgId } from '@leasewire/contracts';
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

const { state, people, units } = Hold.shape;
export const holdDef = defineCollection(
  'holds',
  tenantDoc.extend({
    _id: HoldId,
    propertyId: PropertyId,
    runId: SyncRunId,
    state,
    count: z.int(),
    livingHere: z.int(),
    people,
    units,
    unitCount: z.int(),
    unitIds: z.array(z.string()).describe('All of them'),
    banner: z.string(),
    digest: z.string().describe('Of its upstream ids'),
    fetchedAt: z.date(),
    openedAt: z.date(),
    expiresAt: z.date(),
    decidedAt: z.date().nullable(),
    decidedBy: ActorRef.nullable(),
    note: z.string().nullable(),
    due: Due.optional(),
  }),
  {
    scope: 'org',
    indexes: [
      ...dueIndexes,
      { keys: { orgId: 1, propertyId: 1 }, unique: true, partial: { state: 'open' } },
      { keys: { orgId: 1, _id: -1 } },
      { keys: { orgId: 1, propertyId: 1, _id: -1 } },
    ],
  },
);
export type HoldDoc = DocOf<typeof holdDef>;

@Injectable()
export class HoldRepository extends TenantRepository<typeof holdDef> {
  constructor(db: Database) {
    super(db, holdDef);
  }

  open(orgId: OrgId, propertyId: PropertyId, tx?: Tx): Promise<HoldDoc | null> {
    return this.findOne({ orgId, propertyId, state: 'open' }, tx ? { tx } : {});
  }

  newest(orgId: OrgId, propertyId: PropertyId, tx: Tx): Promise<HoldDoc | null> {
    return this.find({ orgId, propertyId }, { tx, sort: { _id: -1 }, limit: 1 }).then(([found]) => found ?? null);
  }

  /** Across organizations: the snapshot. */
  after(_id: HoldDoc['_id'] | null, limit: number): Promise<HoldDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }
}

/** Everybody of a hold, with what the PMS said of them where it still shows them. */
export const heldPersonDef = defineCollection(
  'held_people',
  tenantDoc.extend({
    holdId: HoldId,
    upstreamId: z.string(),
    residentId: ResidentId.nullable(),
    name: z.string(),
    unit: z.string().nullable(),
    why: z.string(),
    person: UpstreamPerson.nullable(),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, holdId: 1, upstreamId: 1 }, unique: true },
      { keys: { orgId: 1, holdId: 1, _id: 1 } },
      { keys: { orgId: 1, residentId: 1 } },
    ],
  },
);
export type HeldPersonDoc = DocOf<typeof heldPersonDef>;
@Injectable()
export class HeldPersonRepository extends TenantRepository<typeof heldPersonDef> {
  constructor(db: Database) {
    super(db, heldPersonDef);
  }
}

export function toHold(doc: HoldDoc): Hold {
  return {
    id: doc._id,
    propertyId: doc.propertyId,
    runId: doc.runId,
    state: doc.state,
    count: doc.count,
    livingHere: doc.livingHere,
    people: doc.people,
    unitCount: doc.unitCount,
    units: doc.units,
    openedAt: doc.openedAt.toISOString(),
    expiresAt: doc.expiresAt.toISOString(),
    decidedAt: doc.decidedAt?.toISOString() ?? null,
    decidedBy: doc.decidedBy,
    note: doc.note,
    banner: doc.banner,
    version: doc.version,
  };
}
