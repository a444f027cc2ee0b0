import { z } from 'zod';
import { defineRpc } from '../define.js';
import { OrgId, PersonId, ResidentId, SessionId } from '../ids.js';
import { EmailAddress, Instant } from '../words.js';
import { ResidentAccount, ResidentDisplayName, ResidentSession, ResidentView } from './resident.words.js';
import { DeviceToken, LinkToken, Locale, Organization, Password } from './words.js';

const Client = { address: z.string().max(64), userAgent: z.string().max(300) };
const Nothing = z.object({});
const TypedPassword = z.string().min(1).max(256);

/** The reasons that `details.reason` of `password.too-weak` gives, for pages in other languages than English. */
export const PasswordWeakness = z.enum(['holds-own-name', 'repeats', 'keyboard-walk', 'common']);
export type PasswordWeakness = z.infer<typeof PasswordWeakness>;

export const setResidentPassword = defineRpc('identity.set-resident-password', {
  does: 'command',
  input: z.object({
    personId: PersonId,
    email: EmailAddress.describe('The address that the invitation went to; they sign in with it'),
    name: ResidentDisplayName,
    locale: Locale.default('en-US'),
    password: Password,
    opens: z
      .enum(['at-once', 'when-activated'])
      .default('at-once')
      .describe('when-activated: the password is kept and opens nothing before `identity.open-resident-account`'),
  }),
  output: ResidentAccount,
  errors: ['password.too-weak', 'conflict.state'],
  permission: 'service',
  describe:
    'Onboarding, on activation: open the account of a person with this password, or give them this password when they have one already. Called again with the same, it answers the same and ends no session. Refused for whom directory has archived everywhere. The organization is the one that the assertion names.',
  timeoutMs: 8000,
});
export const openResidentAccount = defineRpc('identity.open-resident-account', {
  does: 'command',
  input: z.object({ personId: PersonId }),
  output: z.object({}),
  errors: [],
  permission: 'service',
  describe:
    'Onboarding, when an activation is complete: the password that was set for it opens the account from now on. `onboarding.activation.completed` does the same, a moment later; done twice it changes nothing.',
});

// — signing in (the gateway asks for someone who is not known yet) —
export const ResidentSignedIn = z
  .object({
    refreshToken: z.string().describe('For the cookie; replaced while it is used'),
    refreshExpiresAt: Instant,
    deviceToken: DeviceToken,
    sessionId: SessionId,
    account: ResidentAccount,
    organization: Organization,
  })
  .meta({ id: 'ResidentSignedIn' });
export type ResidentSignedIn = z.infer<typeof ResidentSignedIn>;

/** What `resident.choose-person` brings in its details. */
export const ResidentChoice = z.object({
  choice: z.string().max(2000).describe('Shows that the password was right; good for ten minutes'),
  persons: z.array(z.object({ personId: PersonId, name: z.string(), organization: z.string() })),
});
export type ResidentChoice = z.infer<typeof ResidentChoice>;

export const signInResident = defineRpc('identity.sign-in-resident', {
  does: 'command',
  input: z.object({
    email: EmailAddress,
    password: TypedPassword,
    personId: PersonId.optional().describe('Where it is known which of those with this address it is'),
    deviceToken: DeviceToken.optional(),
    ...Client,
  }),
  output: ResidentSignedIn,
  errors: ['sign-in.refused', 'sign-in.throttled', 'resident.choose-person'],
  permission: 'service',
  describe: 'Sign a resident in. Answer and duration are the same whether the account exists or not.',
  timeoutMs: 8000,
});
export const chooseResident = defineRpc('identity.choose-resident', {
  does: 'command',
  input: z.object({
    choice: ResidentChoice.shape.choice,
    personId: PersonId,
    deviceToken: DeviceToken.optional(),
    ...Client,
  }),
  output: ResidentSignedIn,
  errors: ['sign-in.refused'],
  permission: 'service',
  describe: 'Go on as one of the people whom e-mail address and password fit.',
});
export const enterResidentSession = defineRpc('identity.enter-resident-session', {
  does: 'command',
  input: z.object({ refreshToken: z.string().min(1).max(400), ...Client }),
  output: z.object({
    sessionId: SessionId,
    account: ResidentAccount,
    organization: Organization,
    refreshToken: z.string().nullable().describe('The next one, when it is time for one; null: go on with this'),
    refreshExpiresAt: Instant,
  }),
  errors: ['session.ended'],
  permission: 'service',
  describe: 'Who a resident’s cookie is. Its token is replaced every few minutes; using a replaced one ends the session.',
});

// — links that were mailed —
export const requestResidentPasswordReset = defineRpc('identity.request-resident-password-reset', {
  does: 'command',
  input: z.object({ email: EmailAddress, ...Client }),
  output: Nothing,
  errors: ['sign-in.throttled'],
  permission: 'service',
  describe:
    'A resident forgot their password. The answer is the same for anybody; who has an account is mailed a link, once for each person with this address.',
});
export const showResidentLink = defineRpc('identity.show-resident-link', {
  does: 'query',
  input: z.object({ token: LinkToken }),
  output: z.object({
    purpose: z.enum(['password-reset', 'email-change']),
    personId: PersonId,
    email: EmailAddress.describe('Of the account; of a change, the new address'),
    name: ResidentDisplayName,
    locale: Locale,
    organization: z.string(),
    expiresAt: Instant,
  }),
  errors: ['link.invalid'],
  permission: 'service',
  describe: 'What a mailed link is for. Looking changes nothing: mail scanners look at everything.',
});
export const acceptResidentReset = defineRpc('identity.accept-resident-reset', {
  does: 'command',
  input: z.object({ token: LinkToken, password: Password }),
  output: ResidentAccount,
  errors: ['link.invalid', 'password.too-weak'],
  permission: 'service',
  describe: 'Set the new password that a link asks for; all sessions end.',
  timeoutMs: 8000,
});
export const confirmResidentEmail = defineRpc('identity.confirm-resident-email', {
  does: 'command',
  input: z.object({ token: LinkToken, password: TypedPassword }),
  output: ResidentAccount,
  errors: ['link.invalid', 'password.wrong', 'sign-in.throttled'],
  permission: 'service',
  describe: 'Confirm a changed e-mail address by the link sent to it, with the password: opening a link proves little.',
  timeoutMs: 8000,
});

// — oneself —
export const changeResidentPassword = defineRpc('identity.change-resident-password', {
  does: 'command',
  input: z.object({ current: TypedPassword, password: Password }),
  output: ResidentAccount,
  errors: ['password.wrong', 'password.too-weak', 'sign-in.throttled'],
  permission: 'member',
  describe: 'A resident’s new password; their other sessions end.',
  timeoutMs: 8000,
});
export const requestResidentEmail = defineRpc('identity.request-resident-email', {
  does: 'command',
  input: z.object({ current: TypedPassword, email: EmailAddress }),
  output: Nothing,
  errors: ['password.wrong', 'sign-in.throttled', 'conflict.state'],
  permission: 'member',
  describe: 'A resident wants another e-mail address: a link goes there, and nothing changes until it is confirmed.',
  timeoutMs: 8000,
});
export const setResidentLanguage = defineRpc('identity.set-resident-language', {
  does: 'command',
  input: z.object({ locale: Locale }),
  output: ResidentAccount,
  permission: 'member',
  describe: 'A resident chooses the language of their pages and mails. It stays over what staff, the PMS or the property says.',
});
export const closeResidentAccount = defineRpc('identity.close-resident-account', {
  does: 'command',
  input: z.object({ current: TypedPassword }),
  output: ResidentAccount,
  errors: ['password.wrong', 'sign-in.throttled'],
  permission: 'member',
  describe: 'A resident closes their account: the password is deleted and all sessions end. Staff can invite them again.',
  timeoutMs: 8000,
});
export const listResidentSessions = defineRpc('identity.list-resident-sessions', {
  does: 'query',
  input: Nothing,
  output: z.object({ items: z.array(ResidentSession.extend({ current: z.boolean() })) }),
  permission: 'member',
  describe: 'Where a resident is signed in, newest first.',
});
export const endResidentSession = defineRpc('identity.end-resident-session', {
  does: 'command',
  input: z.object({ sessionId: SessionId.or(z.literal('current')).or(z.literal('others')) }),
  output: z.object({ ended: z.int() }),
  errors: ['not-found'],
  permission: 'member',
  describe: 'A resident signs out, here, elsewhere, or everywhere else.',
});

// — staff helping a resident —
export const listSessionsOfResident = defineRpc('identity.list-sessions-of-resident', {
  does: 'query',
  input: z.object({ residentId: ResidentId }),
  output: z.object({ items: z.array(ResidentSession) }),
  errors: ['not-found'],
  permission: 'residence.residence:full',
  describe: 'Where a resident is signed in, newest first.',
});
export const endSessionsOfResident = defineRpc('identity.end-sessions-of-resident', {
  does: 'command',
  input: z.object({ residentId: ResidentId, sessionId: SessionId.optional().describe('This one only; without it, all of them') }),
  output: z.object({ ended: z.int().nonnegative() }),
  errors: ['not-found'],
  permission: 'residence.residence:full',
  describe:
    'Sign a resident out, of one session or of all: a phone was lost, or somebody else uses the account. They sign in again with their password.',
});

// — staff looking at what a resident sees —
export const startResidentView = defineRpc('identity.start-resident-view', {
  does: 'command',
  input: z.object({ residentId: ResidentId, reason: ResidentView.shape.reason }),
  output: ResidentView.extend({ url: z.string().describe('Opens it in a browser; good for half an hour. Shown this once') }),
  errors: ['not-found'],
  permission: 'residence.residence:full',
  describe:
    'Look at what a resident sees, for half an hour and without being able to change anything. Who looked, at whom and why is in the audit.',
});
export const enterResidentView = defineRpc('identity.enter-resident-view', {
  does: 'query',
  input: z.object({ token: z.string().min(1).max(2000) }),
  output: z.object({
    view: ResidentView,
    orgId: OrgId,
    account: ResidentAccount.nullable().describe('null: they have none yet'),
    organization: Organization,
  }),
  errors: ['session.ended'],
  permission: 'service',
  describe: 'What a look is at, while it lasts.',
});
export const endResidentView = defineRpc('identity.end-resident-view', {
  does: 'command',
  input: z.object({ token: z.string().min(1).max(2000) }),
  output: Nothing,
  permission: 'service',
  describe: 'Stop looking before the time is over.',
});

export const residentRpcs = [
  setResidentPassword,
  openResidentAccount,
  signInResident,
  chooseResident,
  enterResidentSession,
  requestResidentPasswordReset,
  showResidentLink,
  acceptResidentReset,
  confirmResidentEmail,
  changeResidentPassword,
  requestResidentEmail,
  setResidentLanguage,
  closeResidentAccount,
  listResidentSessions,
  endResidentSession,
  listSessionsOfResident,
  endSessionsOfResident,
  startResidentView,
  enterResidentView,
  endResidentView,
] as const;
