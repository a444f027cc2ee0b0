import {
  ActorRef,
  Channel,
  ConsentAnswer,
  ConsentHow,
  ConsentId,
  MessageCategory,
  PersonId,
  PropertyId,
  type ConsentEntry,
  type ConsentFacts,
  type ConsentStanding,
  type OrgId,
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

/** Lines are added, never changed; only an erasure takes the address and the words out. */
export const consentDef = defineCollection(
  'consents',
  tenantDoc.extend({
    _id: ConsentId,
    personId: PersonId.nullable(),
    channel: Channel,
    address: z.string().nullable(),
    category: MessageCategory.nullable(),
    answer: ConsentAnswer,
    how: ConsentHow,
    wording: z.string().nullable(),
    at: z.date(),
    by: ActorRef,
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, _id: -1 } },
      { keys: { orgId: 1, personId: 1, _id: -1 } },
      { keys: { orgId: 1, address: 1, _id: -1 } },
    ],
  },
);
export type ConsentDoc = DocOf<typeof consentDef>;

@Injectable()
export class ConsentRepository extends TenantRepository<typeof consentDef> {
  constructor(db: Database) {
    super(db, consentDef);
  }
}

/** What the ledger comes to, for each number and address: what every send asks. */
export const standingDef = defineCollection(
  'consent_standings',
  tenantDoc.extend({
    channel: Channel,
    address: z.string(),
    blocked: z.object({ at: z.date(), how: ConsentHow }).nullable(),
    unblockedAt: z.date().nullable(),
    categories: z.array(
      z.object({
        category: MessageCategory,
        answer: ConsentAnswer,
        personId: PersonId.nullable(),
        at: z.date(),
        how: ConsentHow,
      }),
    ),
    personIds: z.array(PersonId).describe('Who spoke for it or was written to there'),
    propertyIds: z.array(PropertyId).describe('Whose staff see what comes from there'),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, channel: 1, address: 1 }, unique: true },
      { keys: { orgId: 1, personIds: 1, channel: 1 } },
      { keys: { address: 1, channel: 1 } },
    ],
  },
);
export type StandingDoc = DocOf<typeof standingDef>;

@Injectable()
export class StandingRepository extends TenantRepository<typeof standingDef> {
  constructor(db: Database) {
    super(db, standingDef);
  }

  at(orgId: OrgId, channel: Channel, address: string, tx?: Tx): Promise<StandingDoc | null> {
    return this.findOne({ orgId, channel, address }, tx ? { tx } : {});
  }

  /** Across organizations: a text names only the number it comes from. */
  ofNumber(address: string): Promise<StandingDoc[]> {
    return systemScope(this).find({ channel: 'sms', address }, { sort: { _id: 1 }, limit: 1_000 });
  }
}

export function toEntry(doc: ConsentDoc): ConsentEntry {
  return { ...factsOf(doc), address: doc.address, wording: doc.wording };
}

export function toFacts(doc: ConsentDoc): ConsentFacts {
  return { ...factsOf(doc), version: doc.version };
}

function factsOf({ _id, personId, channel, category, answer, how, at, by, createdAt }: ConsentDoc) {
  return {
    id: _id,
    ...{ personId, channel, category, answer, how, by },
    at: at.toISOString(),
    recordedAt: createdAt.toISOString(),
  };
}

export function toStanding({ channel, address, blocked, categories }: StandingDoc): ConsentStanding {
  return {
    channel,
    address,
    blocked: blocked && { since: blocked.at.toISOString(), how: blocked.how },
    categories: categories.map(({ at, ...said }) => ({ ...said, since: at.toISOString() })),
  };
}
