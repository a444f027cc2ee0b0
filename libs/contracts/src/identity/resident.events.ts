import { z } from 'zod';
import { defineEvent } from '../define.js';
import { ResidentAccount, ResidentSession, ResidentSessionEnd } from './resident.words.js';

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
  residentSessionStarted,
  residentSessionEnded,
] as const;
