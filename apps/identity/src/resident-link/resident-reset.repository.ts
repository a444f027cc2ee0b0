import { EmailAddress, PersonId } from '@leasewire/contracts';
import { Database, defineCollection, Due, dueIndexes, SystemRepository, systemDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** Of no organization: most of what is typed into "forgot password" is right, some is nobody's. Both leave the same row. */
export const residentResetDef = defineCollection(
  'resident_resets',
  systemDoc.extend({
    email: EmailAddress,
    correlationId: z.string(),
    mailed: z.array(PersonId),
    due: Due.optional(),
    purgeAt: z.date(),
  }),
  { scope: 'system', indexes: [...dueIndexes, { keys: { purgeAt: 1 }, expireAfterSeconds: 0 }] },
);
export type ResidentResetDoc = DocOf<typeof residentResetDef>;

@Injectable()
export class ResidentResetRepository extends SystemRepository<typeof residentResetDef> {
  constructor(db: Database) {
    super(db, residentResetDef);
  }
}
