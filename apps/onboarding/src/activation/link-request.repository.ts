import { EmailAddress, InvitationId, OrgId, PersonId } from '@leasewire/contracts';
import { Database, defineCollection, Due, dueIndexes, systemDoc, SystemRepository, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** Somebody asked for a link. Kept until it is looked into, a moment later; of no organization, for nobody knows whose it is. */
export const linkRequestDef = defineCollection(
  'link_requests',
  systemDoc.extend({
    email: EmailAddress.nullable(),
    link: z.object({ orgId: OrgId, invitationId: InvitationId }).nullable(),
    mailed: z.array(PersonId).default([]).describe('Who has been looked into: again they are not'),
    goneAt: z.date(),
    due: Due.optional(),
  }),
  { scope: 'system', indexes: [...dueIndexes, { keys: { goneAt: 1 }, expireAfterSeconds: 0 }] },
);
export type LinkRequestDoc = DocOf<typeof linkRequestDef>;

@Injectable()
export class LinkRequestRepository extends SystemRepository<typeof linkRequestDef> {
  constructor(db: Database) {
    super(db, linkRequestDef);
  }
}
