import { Money, PropertyId, ResidentId, type ResidentBalance } from '@leasewire/contracts';
import { Database, defineCollection, systemScope, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** What a resident owes, as far as a PMS told. */
export const balanceDef = defineCollection(
  'balances',
  tenantDoc.extend({
    _id: ResidentId,
    propertyId: PropertyId,
    upstreamId: z.string(),
    balance: Money,
    owes: z.boolean(),
    owesSince: z.date().nullable(),
    asOf: z.date(),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, _id: 1 } },
      { keys: { orgId: 1, propertyId: 1, _id: 1 } },
      { keys: { orgId: 1, owes: 1, _id: 1 } },
      { keys: { orgId: 1, propertyId: 1, owes: 1, _id: 1 } },
    ],
  },
);
export type BalanceDoc = DocOf<typeof balanceDef>;

@Injectable()
export class BalanceRepository extends TenantRepository<typeof balanceDef> {
  constructor(db: Database) {
    super(db, balanceDef);
  }

  /** Across organizations: the snapshot. */
  after(_id: BalanceDoc['_id'] | null, limit: number): Promise<BalanceDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }
}

/** `sweptAt`: a later complete sweep that changed nothing said the same again. */
export function toBalance(doc: BalanceDoc, sweptAt: Date | null = null): ResidentBalance {
  const { _id: residentId, propertyId, upstreamId, balance, owes, owesSince, version } = doc;
  const asOf = sweptAt !== null && sweptAt > doc.asOf ? sweptAt : doc.asOf;
  return {
    ...{ residentId, propertyId, upstreamId, balance, owes, version },
    owesSince: owesSince?.toISOString() ?? null,
    asOf: asOf.toISOString(),
  };
}
