import { Database, defineCollection, SystemRepository, systemDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** One at most: the deployment has one account with Twilio. */
export const accountHoldDef = defineCollection(
  'sms_account_holds',
  systemDoc.extend({
    _id: z.literal('account'),
    until: z.date(),
    code: z.int(),
    reason: z.string(),
  }),
  { scope: 'system', indexes: [] },
);
export type AccountHoldDoc = DocOf<typeof accountHoldDef>;

@Injectable()
export class AccountHoldRepository extends SystemRepository<typeof accountHoldDef> {
  constructor(db: Database) {
    super(db, accountHoldDef);
  }
}
