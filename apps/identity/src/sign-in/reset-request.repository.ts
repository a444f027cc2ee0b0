import { EmailAddress, StaffId } from '@leasewire/contracts';
import { Database, defineCollection, Due, dueIndexes, SystemRepository, systemDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** Of no organization: most of what is typed into "forgot password" is right, some is nobody's. Both leave the same row. */
export const resetRequestDef = defineCollection(
  'reset_requests',
  systemDoc.extend({
    email: EmailAddress,
    correlationId: z.string(),
    told: z.array(StaffId).describe('Whose organization heard of it already'),
    due: Due.optional(),
    purgeAt: z.date(),
  }),
  { scope: 'system', indexes: [...dueIndexes, { keys: { purgeAt: 1 }, expireAfterSeconds: 0 }] },
);
export type ResetRequestDoc = DocOf<typeof resetRequestDef>;

@Injectable()
export class ResetRequestRepository extends SystemRepository<typeof resetRequestDef> {
  constructor(db: Database) {
    super(db, resetRequestDef);
  }
}
