import { createHash } from 'node:crypto';
import { DeliveryId, type OrgId } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** Written before Twilio is asked, so that whoever finds a try without an end can look it up in Twilio’s list. */
export const smsTryDef = defineCollection(
  'sms_tries',
  tenantDoc.extend({
    _id: DeliveryId,
    to: z.string(),
    body: z.string().describe('A hash: the text may hold a Wi-Fi key'),
    startedAt: z.date(),
  }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, _id: 1 } }, { keys: { startedAt: 1 }, expireAfterSeconds: 30 * 86_400 }] },
);
export type SmsTryDoc = DocOf<typeof smsTryDef>;

@Injectable()
export class SmsTryRepository extends TenantRepository<typeof smsTryDef> {
  constructor(db: Database) {
    super(db, smsTryDef);
  }

  of(orgId: OrgId, _id: SmsTryDoc['_id']): Promise<SmsTryDoc | null> {
    return this.findOne({ orgId, _id });
  }
}

/** Keyed by the organization, so that equal texts of two are not to be told by their hashes. */
export const bodyHash = (orgId: OrgId, body: string): string =>
  createHash('sha256').update(`${orgId}\n${body}`).digest('base64url');
