import { z } from 'zod';
import { GoLiveId, InvitationId, JobId, PersonId, PropertyId, ResidentId } from '../ids.js';
import { AccountStatus, ActorRef, EmailAddress, Instant, ResidentState, UserType } from '../words.js';

const count = z.int().nonnegative();

/** What became of the last invitation mail. `bounced`: it was accepted and came back, or the address refuses mail. */
export const InvitationMailState = z
  .enum(['planned', 'queued', 'sent', 'delivered', 'bounced', 'failed', 'skipped', 'unknown'])
  .meta({ id: 'InvitationMailState', description: 'What became of an invitation mail' });
export type InvitationMailState = z.infer<typeof InvitationMailState>;
export const InvitationMail = z
  .object({
    state: InvitationMailState,
    reason: z.string().nullable().describe('Why, in plain words, where it did not arrive'),
    at: Instant,
  })
  .meta({ id: 'InvitationMail' });
export type InvitationMail = z.infer<typeof InvitationMail>;

/**
 * `planned`: its mail goes out later. `open`: the link works. `used`: the account is live by it. `replaced`: a newer link
 * took its place. `withdrawn`: the address changed, the person was archived, or the mail was never sent.
 */
export const InvitationState = z
  .enum(['planned', 'open', 'used', 'replaced', 'expired', 'withdrawn'])
  .meta({ id: 'InvitationState', description: 'What an activation link is good for' });
export type InvitationState = z.infer<typeof InvitationState>;

export const InvitationCause = z
  .enum(['import', 'go-live', 'new', 'access-opened', 'email-known', 'email-changed', 'resend', 'reminder', 'asked'])
  .meta({
    id: 'InvitationCause',
    description:
      'Why it was sent. new: registered while the import is automatic. email-known: imported before there was an address. email-changed: the address it went to before is another now. asked: by the person, on a page',
  });
export type InvitationCause = z.infer<typeof InvitationCause>;

export const Invitation = z
  .object({
    id: InvitationId,
    personId: PersonId,
    residentId: ResidentId,
    propertyId: PropertyId.describe('In whose name it is written'),
    name: z.string().max(220),
    email: EmailAddress,
    cause: InvitationCause,
    state: InvitationState,
    endedBecause: z.string().nullable().describe('Why the link works no more'),
    plannedFor: Instant.nullable().describe('When the mail goes out, while it is planned'),
    sentAt: Instant.nullable(),
    expiresAt: Instant.nullable().describe('Until when the link works, to the second'),
    openedAt: Instant.nullable().describe(
      'When somebody first filled in the page; opening it counts for nothing, mail scanners do',
    ),
    mail: InvitationMail,
    remindersSent: count,
    createdBy: ActorRef,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Invitation', description: 'One activation link that was mailed to a person' });
export type Invitation = z.infer<typeof Invitation>;

export const AcceptedTerms = z
  .object({
    version: z.int().nonnegative(),
    propertyId: PropertyId.nullable().describe('Whose text it was; null: the organization’s'),
    acceptedAt: Instant,
  })
  .meta({ id: 'AcceptedTerms' });

/** One per person, whatever number of properties they live in. */
export const Account = z
  .object({
    personId: PersonId,
    name: z.string().max(220),
    email: EmailAddress.nullable().describe('Where invitations go'),
    status: AccountStatus,
    bounced: z.boolean().describe('The last invitation did not arrive: “Pending activation (bounced)”'),
    invitationId: InvitationId.nullable().describe('The last invitation'),
    invitedAt: Instant.nullable().describe('When the last invitation was sent'),
    expiresAt: Instant.nullable().describe('Until when its link works, or worked'),
    activatedAt: Instant.nullable(),
    mail: InvitationMail.nullable().describe('What became of the last invitation mail'),
    terms: AcceptedTerms.nullable(),
    residents: z
      .array(z.object({ residentId: ResidentId, propertyId: PropertyId, state: ResidentState, userTypes: z.array(UserType) }))
      .describe('Where the person is known'),
    version: count,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'Account', description: 'The account of a person: from not invited to live' });
export type Account = z.infer<typeof Account>;

/** Why an imported person gets no welcome mail. */
export const NoWelcomeReason = z
  .enum([
    'missing-email',
    'suppressed',
    'already-live',
    'already-invited',
    'daily-limit',
    'not-imported',
    'archived',
    'by-hand',
    'not-found',
  ])
  .meta({
    id: 'NoWelcomeReason',
    description:
      'already-invited: an earlier link of theirs still works. by-hand: the property invites new people by hand. suppressed: mail to the address came back before',
  });
export type NoWelcomeReason = z.infer<typeof NoWelcomeReason>;
export const WelcomeCounts = z
  .object({
    people: count.describe('Residents who are concerned'),
    welcome: count.describe('Welcome mails'),
    not: z.partialRecord(NoWelcomeReason, count).describe('How many get none, by reason'),
  })
  .meta({ id: 'WelcomeCounts' });
export type WelcomeCounts = z.infer<typeof WelcomeCounts>;

/** The types that an import can have. The other two are named so that nobody looks for them in vain. */
export const GoLiveUserType = UserType;
export const goLiveNotReceived = ['property-manager', 'other'] as const;

export const GoLiveProperty = WelcomeCounts.extend({
  propertyId: PropertyId,
  name: z.string(),
  byUserType: z.partialRecord(UserType, WelcomeCounts).describe('Who has several types is counted in each'),
  startsService: z.boolean().describe('It ends the silent time of the property'),
}).meta({ id: 'GoLiveProperty' });

export const GoLiveState = z.enum(['estimated', 'running', 'done', 'cancelled', 'failed', 'lapsed']).meta({
  id: 'GoLiveState',
  description:
    'estimated: nothing has happened yet. failed: its people could not be found; its job says why and can be retried. lapsed: it was never confirmed',
});
export const GoLive = z
  .object({
    id: GoLiveId,
    state: GoLiveState,
    propertyIds: z.array(PropertyId),
    userTypes: z.array(UserType),
    spreadDays: z.int().positive().describe('Over how many days the mails go out; 1: at once'),
    properties: z.array(GoLiveProperty),
    totals: WelcomeCounts,
    userTypesNotReceived: z.array(z.string()).describe('Property manager and other are not received from the API'),
    acknowledgement: z.string().describe('What the person who confirms must have read'),
    jobId: JobId.nullable(),
    withdrawalJobId: JobId.nullable().describe('Of a cancelled one: the job that withdraws its planned mails'),
    createdBy: ActorRef,
    startedBy: ActorRef.nullable(),
    startedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    version: count,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'GoLive', description: 'Importing people of one or many properties, with a welcome mail' });
export type GoLive = z.infer<typeof GoLive>;

export const Terms = z
  .object({
    propertyId: PropertyId.nullable().describe('null: of the organization, for properties without own terms'),
    version: z.int().nonnegative().describe('0: the platform’s own text'),
    title: z.string().max(200),
    text: z.string().max(100_000).describe('Plain text; an empty line begins a paragraph'),
    publishedAt: Instant.nullable(),
    publishedBy: ActorRef.nullable(),
  })
  .meta({ id: 'Terms' });
export type Terms = z.infer<typeof Terms>;
