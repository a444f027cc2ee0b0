import {
  ActorRef,
  EmailAddress,
  GoLiveId,
  InvitationCause,
  InvitationId,
  InvitationState,
  PersonId,
  PropertyId,
  ResidentId,
  type Invitation,
} from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MailTruth } from './mail-truth.js';

export const invitationDef = defineCollection(
  'invitations',
  tenantDoc.extend({
    _id: InvitationId,
    personId: PersonId,
    residentId: ResidentId,
    propertyId: PropertyId,
    name: z.string(),
    firstName: z.string(),
    email: EmailAddress,
    cause: InvitationCause,
    goLiveId: GoLiveId.optional(),
    state: InvitationState,
    endedBecause: z.string().nullable(),
    endedAt: z.date().nullable(),
    plannedFor: z.date().nullable(),
    sentAt: z.date().nullable(),
    expiresAt: z.date().nullable(),
    openedAt: z.date().nullable(),
    mail: MailTruth,
    remindersSent: z.int(),
    askedSent: z.int().default(0).describe('Mails with the same link that they asked for on a page'),
    createdBy: ActorRef,
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, personId: 1, createdAt: -1, _id: -1 } },
      { keys: { orgId: 1, residentId: 1, createdAt: -1, _id: -1 } },
      { keys: { orgId: 1, propertyId: 1, createdAt: -1, _id: -1 } },
      { keys: { orgId: 1, createdAt: -1, _id: -1 } },
      { keys: { orgId: 1, goLiveId: 1, _id: 1 }, partial: { state: 'planned' } },
    ],
  },
);
export type InvitationDoc = DocOf<typeof invitationDef>;

@Injectable()
export class InvitationRepository extends TenantRepository<typeof invitationDef> {
  constructor(db: Database) {
    super(db, invitationDef);
  }
}

const text = (at: Date | null): string | null => at?.toISOString() ?? null;

/** What others see of it: never the link. */
export function toInvitation(doc: InvitationDoc): Invitation {
  return {
    id: doc._id,
    personId: doc.personId,
    residentId: doc.residentId,
    propertyId: doc.propertyId,
    name: doc.name,
    email: doc.email,
    cause: doc.cause,
    state: doc.state,
    endedBecause: doc.endedBecause,
    plannedFor: text(doc.plannedFor),
    sentAt: text(doc.sentAt),
    expiresAt: text(doc.expiresAt),
    openedAt: text(doc.openedAt),
    mail: { state: doc.mail.state, reason: doc.mail.reason, at: doc.mail.at.toISOString() },
    remindersSent: doc.remindersSent,
    createdBy: doc.createdBy,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
