import { z } from 'zod';
import { defineEvent } from '../define.js';
import { PersonId } from '../ids.js';
import { ResidentAccount, ResidentSession, ResidentSessionEnd, ResidentView } from './resident.words.js';

const at = '2026-11-20T09:00:00.000Z';
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const account = {
  personId: `per_${body}`,
  email: 'noor@example.com',
  emailSource: 'directory',
  name: 'Noor Haddad',
  locale: 'en-AU',
  state: 'active',
  passwordSetAt: at,
  lastSignInAt: at,
  version: 3,
  createdAt: at,
  updatedAt: at,
} as const satisfies z.input<typeof ResidentAccount>;
const session = {
  id: `ses_${body}`,
  personId: `per_${body}`,
  startedAt: at,
  lastUsedAt: at,
  expiresAt: '2026-11-27T09:00:00.000Z',
  address: '203.0.113.7',
  userAgent: 'Mozilla/5.0',
} as const satisfies z.input<typeof ResidentSession>;

/**
 * For services and the audit only: an account belongs to a person and not to a property, so nobody could be kept to the
 * properties they may see. Staff see what they need in directory's rows.
 */
const aboutAccount = (name: `identity.resident-account.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ account: ResidentAccount }), { describe, view: 'service', example: { account } });

export const residentAccountOpened = aboutAccount(
  'identity.resident-account.opened',
  'A resident set a password for the first time, or again after they had closed their account.',
);
export const residentPasswordChanged = aboutAccount(
  'identity.resident-account.password-changed',
  'A resident has a new password; their other sessions ended.',
);

export const residentEmailChanged = aboutAccount(
  'identity.resident-account.email-changed',
  'A resident signs in with another address: they confirmed one of their own (`emailSource` is resident), or directory has another.',
);
export const residentLanguageChanged = aboutAccount(
  'identity.resident-account.language-changed',
  'A resident chose another language for their pages and mails; `account.locale` is it.',
);
export const residentPasswordResetRequested = aboutAccount(
  'identity.resident-account.password-reset-requested',
  'Somebody asked for a new password; the link goes by mail and is not part of the event.',
);
export const residentAccountArchived = aboutAccount(
  'identity.resident-account.archived',
  'The person lives nowhere here any more; all their sessions ended.',
);
export const residentAccountRestored = aboutAccount(
  'identity.resident-account.restored',
  'The person is back, and can sign in as before.',
);
export const residentAccountClosed = aboutAccount(
  'identity.resident-account.closed',
  'A resident closed their account; all their sessions ended. They can activate again.',
);
export const residentAccountErased = defineEvent('identity.resident-account.erased', 1, z.object({ personId: PersonId }), {
  describe: 'The account of a person who was erased is gone, with everything about it.',
  view: 'service',
  example: { personId: `per_${body}` },
});

const view = {
  id: `look_${body}`,
  personId: `per_${body}`,
  residentId: `res_${body}`,
  propertyId: `prop_${body}`,
  by: `staff:stf_${body}`,
  byName: 'Ana Reyes',
  reason: 'Noor cannot find the Wi-Fi key',
  startedAt: at,
  expiresAt: '2026-11-20T09:30:00.000Z',
  endedAt: null,
} as const satisfies z.input<typeof ResidentView>;
const aboutView = (name: `identity.resident-view.${string}`, describe: string) =>
  defineEvent(name, 1, z.object({ view: ResidentView }), { describe, view: 'residence.residence:view', example: { view } });
export const residentViewStarted = aboutView(
  'identity.resident-view.started',
  'Somebody of the staff looks at what a resident sees; who, and why, is part of it.',
);
export const residentViewEnded = aboutView('identity.resident-view.ended', 'Looking at what a resident sees is over.');

export const residentSessionStarted = defineEvent(
  'identity.resident-session.started',
  1,
  z.object({ session: ResidentSession }),
  {
    describe: 'A resident signed in.',
    view: 'service',
    example: { session },
  },
);
export const residentSessionEnded = defineEvent(
  'identity.resident-session.ended',
  1,
  z.object({ session: ResidentSession, cause: ResidentSessionEnd }),
  {
    describe: 'A session of a resident ended and its token holds no more.',
    view: 'service',
    example: { session, cause: 'signed-out' },
  },
);

export const residentEvents = [
  residentAccountOpened,
  residentPasswordChanged,
  residentEmailChanged,
  residentLanguageChanged,
  residentPasswordResetRequested,
  residentAccountArchived,
  residentAccountRestored,
  residentAccountClosed,
  residentAccountErased,
  residentViewStarted,
  residentViewEnded,
  residentSessionStarted,
  residentSessionEnded,
] as const;
