import { AccountStatus, Locale, PersonId, AccountColumns } from '@leasewire/contracts';
import { anyText, Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const Version = z.object({ epoch: z.number(), version: z.number() });

export const personDef = defineCollection(
  'persons',
  tenantDoc.extend({
    _id: PersonId,
    upstream: z.array(z.string()).describe('connection:upstreamId: one person in every property of the connection'),
    erasedAt: z.date().nullable(),
    account: z
      .object({
        status: AccountStatus,
        columns: AccountColumns,
        version: Version.describe('Of onboarding: older events are ignored'),
      })
      .nullable()
      .default(null),
    language: z
      .object({ locale: Locale, version: Version.describe('Of identity: older events are ignored') })
      .nullable()
      .optional()
      .describe('What they chose themselves, for all their residencies'),
  }),
  {
    scope: 'org',
    indexes: [{ keys: { orgId: 1, upstream: 1 }, unique: true, partial: { upstream: anyText } }],
  },
);
export type PersonDoc = DocOf<typeof personDef>;

export const upstreamKey = (connectionId: string, upstreamId: string): string => `${connectionId}:${upstreamId}`;

@Injectable()
export class PersonRepository extends TenantRepository<typeof personDef> {
  constructor(db: Database) {
    super(db, personDef);
  }
}
