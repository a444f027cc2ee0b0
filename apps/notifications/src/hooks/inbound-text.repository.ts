import { ActorRef, InboundText, InboundTextId, PersonId, PropertyId, type OrgId } from '@leasewire/contracts';
import {
  anyText,
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

const { reading, state } = InboundText.shape;
export const inboundTextDef = defineCollection(
  'inbound_texts',
  tenantDoc.extend({
    _id: InboundTextId,
    sid: z.string(),
    from: z.string(),
    to: z.string(),
    body: z.string().nullable(),
    ...{ reading, state },
    personIds: z.array(PersonId),
    propertyIds: z.array(PropertyId),
    receivedAt: z.date(),
    doneBy: ActorRef.nullable(),
    note: z.string().nullable(),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, sid: 1 }, unique: true },
      { keys: { orgId: 1, _id: -1 } },
      { keys: { orgId: 1, state: 1, _id: -1 } },
      { keys: { orgId: 1, personIds: 1, _id: -1 } },
      { keys: { receivedAt: 1 }, partial: { body: anyText } },
    ],
  },
);
export type InboundTextDoc = DocOf<typeof inboundTextDef>;

@Injectable()
export class InboundTextRepository extends TenantRepository<typeof inboundTextDef> {
  constructor(db: Database) {
    super(db, inboundTextDef);
  }

  /** Across organizations: those that came so long ago, and what they say. */
  before(at: Date, limit: number): Promise<InboundTextDoc[]> {
    return systemScope(this).find({ receivedAt: { $lt: at }, body: anyText }, { sort: { receivedAt: 1 }, limit });
  }

  bySid(orgId: OrgId, sid: string, tx: Tx): Promise<InboundTextDoc | null> {
    return this.findOne({ orgId, sid }, { tx });
  }
}

export function toText(doc: InboundTextDoc): InboundText {
  const { from, to, body, note } = doc;
  return { ...textFacts(doc), from, to, body, note };
}

export function textFacts({ _id, reading: read, state: at, personIds, receivedAt, doneBy, version }: InboundTextDoc) {
  return { id: _id, reading: read, state: at, personIds, receivedAt: receivedAt.toISOString(), doneBy, version };
}
