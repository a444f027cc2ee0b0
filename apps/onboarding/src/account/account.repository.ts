import {
  ActorRef,
  EmailAddress,
  GoLiveId,
  InvitationId,
  JobId,
  Locale,
  PersonId,
  PropertyId,
  ResidentId,
  ResidentState,
  UserType,
  type Account,
  type OrgId,
} from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueIndexes,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type New,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MailTruth } from '../invitation/mail-truth.js';
import { addressee } from './member.rules.js';
import { notInvited } from './standing.rules.js';

const Version = z.object({ epoch: z.int(), version: z.int() });
const link = { invitationId: InvitationId, email: EmailAddress, sentAt: z.date(), expiresAt: z.date() };
const Member = z.object({
  residentId: ResidentId,
  propertyId: PropertyId,
  state: ResidentState,
  userTypes: z.array(UserType),
  name: z.string(),
  firstName: z.string(),
  email: EmailAddress.nullable(),
  language: Locale.nullable().optional(),
  accessOpen: z.boolean(),
  opensWhenStarted: z.boolean(),
  incomplete: z.boolean().optional(),
  waitsForEmail: z.boolean(),
  /** The Go Live that imports them, until it is known what came of it. */
  goLive: z.object({ jobId: JobId, goLiveId: GoLiveId.optional(), by: ActorRef, at: z.date().nullable() }).nullable(),
  known: Version,
});

export const accountDef = defineCollection(
  'accounts',
  tenantDoc.extend({
    _id: PersonId,
    members: z.array(Member),
    standing: z.discriminatedUnion('status', [
      z.object({ status: z.literal('not-invited') }),
      z.object({ status: z.literal('pending-activation'), ...link }),
      z.object({ status: z.literal('activation-expired'), ...link }),
      z.object({ status: z.literal('live'), at: z.date() }),
    ]),
    /** A mail that goes out later. */
    planned: z.object({ invitationId: InvitationId, email: EmailAddress, at: z.date() }).nullable(),
    invitationId: InvitationId.nullable().describe('The last one'),
    firstInvitedAt: z.date().nullable(),
    invitedAt: z.date().nullable(),
    mailedAt: z.array(z.date()).describe('Of the last day'),
    askedAt: z.array(z.date()).default([]).describe('Mails that a page was asked for, of the last day'),
    mail: MailTruth.nullable(),
    bounced: z.boolean(),
    opened: z.boolean().describe('Somebody filled in the activation page'),
    reminders: z.int(),
    noReminders: z.boolean().default(false).describe('They asked for none'),
    renewals: z.int(),
    byJob: JobId.nullable().describe('The resend that mailed them last'),
    terms: z
      .object({ version: z.int(), propertyId: PropertyId.nullable(), acceptedAt: z.date(), address: z.string() })
      .nullable(),
    /** They closed their account themselves: until somebody of the staff invites them, nothing is mailed. */
    closedAt: z.date().nullable().default(null),
    erasedAt: z.date().nullable(),
    due: Due.optional(),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, 'members.propertyId': 1, 'standing.status': 1, _id: 1 } },
      { keys: { orgId: 1, 'members.residentId': 1 } },
      { keys: { orgId: 1, 'standing.status': 1, _id: 1 } },
      { keys: { 'members.email': 1 } },
      ...dueIndexes,
    ],
  },
);
export type AccountDoc = DocOf<typeof accountDef>;
export type MemberDoc = AccountDoc['members'][number];

/** More people than share an address; not so many that one question fills a mailbox. */
const mostOfOneAddress = 50;

@Injectable()
export class AccountRepository extends TenantRepository<typeof accountDef> {
  constructor(db: Database) {
    super(db, accountDef);
  }

  /** Across organizations, for whoever forgot a password names nothing but an address: those who may be sent a link there. */
  invitedAt(email: string): Promise<AccountDoc[]> {
    const filter = {
      'members.email': email,
      members: { $elemMatch: { email, state: 'active' as const } },
      'standing.status': { $in: ['pending-activation', 'activation-expired'] },
    };
    return systemScope(this).find(filter, { sort: { _id: 1 }, limit: mostOfOneAddress });
  }

  /** Across organizations: for the snapshot. */
  after(id: PersonId | null, limit: number): Promise<AccountDoc[]> {
    return systemScope(this).find(id === null ? {} : { _id: { $gt: id } }, { sort: { _id: 1 }, limit });
  }
}

export function newAccount(orgId: OrgId, _id: PersonId): New<AccountDoc> {
  return {
    _id,
    orgId,
    members: [],
    standing: notInvited,
    planned: null,
    invitationId: null,
    firstInvitedAt: null,
    invitedAt: null,
    mailedAt: [],
    askedAt: [],
    mail: null,
    bounced: false,
    opened: false,
    reminders: 0,
    noReminders: false,
    renewals: 0,
    byJob: null,
    terms: null,
    closedAt: null,
    erasedAt: null,
  };
}

/** What others see of it. The address that the terms were accepted from stays here. */
export function toAccount(doc: AccountDoc): Account {
  const { standing, terms, mail } = doc;
  const to = addressee(doc.members) ?? doc.members[0];
  return {
    personId: doc._id,
    name: to?.name ?? '',
    email: to?.email ?? null,
    status: standing.status,
    bounced: doc.bounced && standing.status !== 'live',
    invitationId: doc.invitationId,
    invitedAt: doc.invitedAt?.toISOString() ?? null,
    expiresAt: 'expiresAt' in standing ? standing.expiresAt.toISOString() : null,
    activatedAt: standing.status === 'live' ? standing.at.toISOString() : null,
    mail: mail && { state: mail.state, reason: mail.reason, at: mail.at.toISOString() },
    terms: terms && { version: terms.version, propertyId: terms.propertyId, acceptedAt: terms.acceptedAt.toISOString() },
    residents: doc.members.map(({ residentId, propertyId, state, userTypes }) => ({ residentId, propertyId, state, userTypes })),
    version: doc.version,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
