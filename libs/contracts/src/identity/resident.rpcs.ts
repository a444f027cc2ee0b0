import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PersonId } from '../ids.js';
import { EmailAddress } from '../words.js';
import { ResidentAccount, ResidentDisplayName } from './resident.words.js';
import { Locale, Password } from './words.js';

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
  }),
  output: ResidentAccount,
  errors: ['password.too-weak'],
  permission: 'service',
  describe:
    'Onboarding, on activation: open the account of a person with this password, or give them this password when they have one already. Called again with the same, it answers the same and ends no session. The organization is the one that the assertion names.',
  timeoutMs: 8000,
});

export const residentRpcs = [setResidentPassword] as const;
