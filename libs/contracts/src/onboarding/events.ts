import { z } from 'zod';
import { defineEvent } from '../define.js';
import { PropertyId } from '../ids.js';
import { jobChanged } from '../jobs.js';
import { Account, GoLive, Invitation, Terms } from './words.js';
import { InvitationSettings } from './settings.js';

const at = '2026-11-24T09:00:00.000Z';
const until = '2026-12-01T09:00:00.000Z';
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const staff = `staff:stf_${body}` as const;
const invitation = {
  id: `invi_${body}`,
  personId: `per_${body}`,
  residentId: `res_${body}`,
  propertyId: `prop_${body}`,
  name: 'Noor Haddad',
  email: 'noor@example.com',
  cause: 'go-live',
  state: 'open',
  endedBecause: null,
  plannedFor: null,
  sentAt: at,
  expiresAt: until,
  openedAt: null,
  mail: { state: 'sent', reason: null, at },
  remindersSent: 0,
  createdBy: staff,
  createdAt: at,
  updatedAt: at,
} as const satisfies z.input<typeof Invitation>;
const account = {
  personId: `per_${body}`,
  name: 'Noor Haddad',
  email: 'noor@example.com',
  status: 'pending-activation',
  bounced: false,
  invitationId: `invi_${body}`,
  invitedAt: at,
  expiresAt: until,
  activatedAt: null,
  mail: { state: 'sent', reason: null, at },
  terms: null,
  residents: [{ residentId: `res_${body}`, propertyId: `prop_${body}`, state: 'active', userTypes: ['owner-occupier'] }],
  version: 3,
  createdAt: at,
  updatedAt: at,
} satisfies z.input<typeof Account>;
const counts = { people: 14, welcome: 12, not: { 'missing-email': 2 } };
const goLive = {
  id: `gol_${body}`,
  state: 'running',
  propertyIds: [`prop_${body}`],
  userTypes: ['owner-occupier', 'tenant'],
  spreadDays: 1,
  properties: [
    { propertyId: `prop_${body}`, name: 'Harbour Court', ...counts, byUserType: { tenant: counts }, startsService: true },
  ],
  totals: counts,
  userTypesNotReceived: ['property-manager', 'other'],
  acknowledgement: '14 people are imported and 12 welcome mails are sent.',
  jobId: `job_onboarding_${body}`,
  withdrawalJobId: null,
  createdBy: staff,
  startedBy: staff,
  startedAt: at,
  finishedAt: null,
  version: 2,
  createdAt: at,
  updatedAt: at,
} satisfies z.input<typeof GoLive>;

const view = 'residence.residence:view';
/** The subject is the person, the version counts over all of their account. */
const aboutInvitation = (name: `onboarding.${'invitation' | 'activation'}.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ invitation: Invitation, account: Account }), {
    describe,
    view,
    example: { invitation, account },
  });
const aboutGoLive = (name: `onboarding.go-live.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ goLive: GoLive }), { describe, view, example: { goLive } });

/** For services: an account belongs to a person and not to a property; staff see it in directory’s rows. */
export const accountChanged = defineEvent('onboarding.account.changed', 1, z.object({ account: Account }), {
  describe: 'The account of a person has another status, mail outcome, address or accepted terms.',
  view: 'service',
  example: { account },
});
export const invitationSent = aboutInvitation(
  'onboarding.invitation.sent',
  'A welcome mail was handed over to be sent; its link works until `expiresAt`.',
);
export const invitationReminded = aboutInvitation(
  'onboarding.invitation.reminded',
  'Somebody was reminded of a link that still works.',
);
export const invitationBounced = aboutInvitation(
  'onboarding.invitation.bounced',
  'A welcome mail did not arrive; the reason says why.',
);
export const invitationWithdrawn = aboutInvitation('onboarding.invitation.withdrawn', 'A link was made to work no more.');
export const activationCompleted = aboutInvitation(
  'onboarding.activation.completed',
  'A person set a password and agreed to the terms; their account is live.',
);
export const activationExpired = aboutInvitation('onboarding.activation.expired', 'Nobody used an activation link in its time.');
export const goLiveStarted = aboutGoLive('onboarding.go-live.started', 'Staff confirmed a Go Live.');
export const goLiveFinished = aboutGoLive(
  'onboarding.go-live.finished',
  'Everybody of a Go Live was imported, or skipped with a reason.',
);
export const importBecameAutomatic = defineEvent(
  'onboarding.import.became-automatic',
  1,
  z.object({
    propertyId: PropertyId,
    name: z.string(),
    newPeople: z.enum(['at-once', 'digest', 'by-hand']),
    notice: z.string().describe('What it means, for staff to read'),
  }),
  {
    describe:
      'From now on new people of the property arrive by themselves: nobody is left in Pending Import, or staff set it so; the notice says which. It can be set back.',
    view,
    example: {
      propertyId: `prop_${body}`,
      name: 'Harbour Court',
      newPeople: 'by-hand',
      notice: 'Harbour Court now imports automatically. New people arrive as Not Invited.',
    },
  },
);
export const invitationSettingsChanged = defineEvent(
  'onboarding.invitation-settings.changed',
  1,
  z.object({ settings: InvitationSettings }),
  {
    describe: 'How a property invites people changed.',
    view,
    example: {
      settings: {
        propertyId: `prop_${body}`,
        validForSeconds: 604_800,
        newPeople: 'by-hand',
        reminders: { on: true, afterDays: [3, 6], thenEveryDays: 30, most: 3 },
        quietHours: { from: '20:00', until: '08:00' },
        perPersonPerDay: 3,
        spreadDays: 1,
        inherited: false,
        version: 1,
        updatedAt: at,
        updatedBy: staff,
      },
    },
  },
);
export const termsPublished = defineEvent('onboarding.terms.published', 1, z.object({ terms: Terms }), {
  describe: 'There is a new version of the terms and conditions.',
  view,
  example: {
    terms: {
      propertyId: null,
      version: 2,
      title: 'Terms and conditions',
      text: 'What you agree to.',
      publishedAt: at,
      publishedBy: staff,
    },
  },
});

export const onboardingEvents = [
  accountChanged,
  invitationSent,
  invitationReminded,
  invitationBounced,
  invitationWithdrawn,
  activationCompleted,
  activationExpired,
  goLiveStarted,
  goLiveFinished,
  importBecameAutomatic,
  invitationSettingsChanged,
  termsPublished,
  jobChanged('onboarding', view),
] as const;
