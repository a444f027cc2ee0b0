import {
  ActorRef,
  Channel,
  PersonId,
  PropertyId,
  SuppressionId,
  SuppressionReason,
  type OrgId,
  type Suppression,
} from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const suppressionDef = defineCollection(
  'suppressions',
  tenantDoc.extend({
    _id: SuppressionId,
    channel: Channel,
    address: z.string(),
    reason: SuppressionReason,
    detail: z.string().nullable(),
    personIds: z.array(PersonId),
    propertyIds: z.array(PropertyId).default([]).describe('Whose staff see it: where those live who were written to there'),
    state: z.enum(['active', 'released']),
    by: ActorRef,
    releasedBy: ActorRef.nullable(),
    releasedBecause: z.string().nullable(),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, channel: 1, address: 1 }, unique: true, partial: { state: 'active' } },
      { keys: { orgId: 1, state: 1, _id: -1 } },
      { keys: { orgId: 1, state: 1, channel: 1, _id: -1 } },
      { keys: { orgId: 1, personIds: 1, state: 1 } },
    ],
  },
);
export type SuppressionDoc = DocOf<typeof suppressionDef>;

@Injectable()
export class SuppressionRepository extends TenantRepository<typeof suppressionDef> {
  constructor(db: Database) {
    super(db, suppressionDef);
  }

  /** Which of these addresses are not written to. */
  async among(orgId: OrgId, channel: Channel, addresses: readonly string[]): Promise<Map<string, SuppressionDoc>> {
    if (addresses.length === 0) return new Map();
    const found = await this.find({ orgId, channel, address: { $in: [...new Set(addresses)] }, state: 'active' });
    return new Map(found.map((one) => [one.address, one]));
  }
}

export function toSuppression(doc: SuppressionDoc): Suppression {
  const { _id: id, channel, address, reason, detail, personIds, state, by, releasedBy, releasedBecause, version } = doc;
  return {
    ...{ id, channel, address, reason, detail, personIds, state, by, releasedBy, releasedBecause, version },
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
