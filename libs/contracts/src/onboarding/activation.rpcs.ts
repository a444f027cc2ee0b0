import { z } from 'zod';
import { defineRpc } from '../define.js';
import { Locale, Password } from '../identity/words.js';
import { OrgId, PersonId, PropertyId } from '../ids.js';
import { EmailAddress, Instant } from '../words.js';
import { InvitationState, Terms } from './words.js';

const Token = z.string().min(1).max(400).describe('What stands behind /activate/ in the link');

/** What the page shows. `unknown`: not a link of ours; the same for whatever is wrong with it. */
export const ActivationPage = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('open'),
    orgId: OrgId,
    personId: PersonId,
    propertyId: PropertyId,
    propertyName: z.string(),
    organizationName: z.string().nullable(),
    name: z.string(),
    firstName: z.string(),
    email: EmailAddress.describe('They sign in with it'),
    locale: Locale.nullable().describe('Which language they read, as directory says; null: nobody has said'),
    expiresAt: Instant,
    terms: Terms,
  }),
  z.object({
    state: InvitationState.extract(['used', 'replaced', 'expired', 'withdrawn']),
    propertyName: z.string(),
    at: Instant.describe('Since when'),
    locale: Locale.nullable().optional().describe('As of an open one'),
    account: z
      .object({ personId: PersonId, email: EmailAddress })
      .optional()
      .describe('Of a used link: whose account it made, so that whoever sends the same form again can be let in'),
    canAskAgain: z.boolean().describe('“Send me a new link” would send one'),
  }),
  z.object({ state: z.literal('unknown') }),
]);
export type ActivationPage = z.infer<typeof ActivationPage>;

export const showActivation = defineRpc('onboarding.show-activation', {
  does: 'query',
  input: z.object({ token: Token }),
  output: ActivationPage,
  permission: 'service',
  describe: 'What an activation link is good for. Asking changes nothing: mail scanners open every link.',
});
export const completeActivation = defineRpc('onboarding.complete-activation', {
  does: 'command',
  input: z.object({
    token: Token,
    password: Password,
    acceptedTermsVersion: z
      .int()
      .nonnegative()
      .nullable()
      .describe('Of the terms that were shown and agreed to; null: not agreed'),
    acceptedTermsPropertyId: PropertyId.nullable()
      .optional()
      .describe('Whose terms they were, for each counts its own versions; null: the organization’s or the platform’s'),
    locale: Locale.default('en-US').describe('The language they activated in: their own choice from now on'),
    address: z.string().max(64).describe('The internet address it came from; kept with the accepted terms'),
  }),
  output: z.object({ orgId: OrgId, personId: PersonId, propertyId: PropertyId, email: EmailAddress, name: z.string() }),
  errors: ['activation.link-over', 'activation.terms-needed', 'activation.terms-changed', 'password.too-weak'],
  permission: 'service',
  describe:
    'Set the password in identity and make the account live: one step, which may be repeated with the same password until it is answered. The link works until then.',
  timeoutMs: 10_000,
});
export const requestNewLink = defineRpc('onboarding.request-new-link', {
  does: 'command',
  input: z.union([
    z.strictObject({ token: Token.describe('Of a link that works no more') }),
    z.strictObject({ email: EmailAddress.describe('Of “forgot password”: who is pending or expired gets an activation link') }),
  ]),
  output: z.object({}),
  permission: 'service',
  describe:
    'Send a new activation link to whoever may have one. The answer, and how long it takes, is the same whether anybody does: the mails are sent afterwards.',
});
export const stopReminders = defineRpc('onboarding.stop-reminders', {
  does: 'command',
  input: z.object({ token: Token.describe('Of the link that they were reminded of, whether it still works or not') }),
  output: z.object({}),
  permission: 'service',
  describe: 'Whoever has this link wants no reminders. The link stays what it is; the answer is the same for any token.',
});
export const activationRpcs = [showActivation, completeActivation, requestNewLink, stopReminders] as const;
