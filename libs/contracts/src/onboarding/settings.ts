import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PropertyId } from '../ids.js';
import { ActorRef, Instant } from '../words.js';
import { Terms } from './words.js';

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time such as 21:00');
export const Reminders = z
  .object({
    on: z.boolean(),
    afterDays: z.array(z.int().min(1).max(60)).max(10).describe('So many days after the mail, while its link works'),
    thenEveryDays: z.int().min(7).max(365).nullable().describe('After it expired: a new link every so many days; null: none'),
    most: z.int().min(0).max(24).describe('How many of those new links at most'),
  })
  .meta({ id: 'InvitationReminders' });

const settable = {
  validForSeconds: z
    .int()
    .min(2)
    .max(60 * 86_400)
    .describe('How long an activation link works; 604800 is seven days'),
  newPeople: z
    .enum(['at-once', 'digest', 'by-hand'])
    .describe(
      'Who arrives while the import is automatic. at-once: is invited, in a rental when access opens. by-hand: stays Not Invited. digest: stays Not Invited, and staff who manage residents there are told by mail each morning who arrived',
    ),
  reminders: Reminders,
  quietHours: z
    .object({ from: Clock, until: Clock })
    .nullable()
    .describe('In the property’s time zone; nothing that nobody pressed a button for is mailed then'),
  perPersonPerDay: z.int().min(1).max(20).describe('Most invitation mails to one person in 24 hours'),
  spreadDays: z.int().min(1).max(30).describe('Over how many days the mails of a Go Live go out, unless it says otherwise'),
};
export const InvitationSettings = z
  .object({
    propertyId: PropertyId,
    ...settable,
    inherited: z.boolean().describe('Nothing was set for this property; these are the defaults of its kind'),
    version: z.int().nonnegative(),
    updatedAt: Instant.nullable(),
    updatedBy: ActorRef.nullable(),
  })
  .meta({
    id: 'InvitationSettings',
    description:
      'Invitation Email Settings. The text of the mail is the template `welcome`, the sender’s name is set with the property’s sender.',
  });
export type InvitationSettings = z.infer<typeof InvitationSettings>;

export const getInvitationSettings = defineRpc('onboarding.get-invitation-settings', {
  does: 'query',
  input: z.object({ propertyId: PropertyId }),
  output: InvitationSettings,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe: 'How a property invites people.',
});
export const setInvitationSettings = defineRpc('onboarding.set-invitation-settings', {
  does: 'command',
  input: z.object({
    propertyId: PropertyId,
    ...z.object(settable).partial().shape,
    version: z.int().nonnegative().optional().describe('The version that is edited; refused when it is not the newest'),
  }),
  output: InvitationSettings,
  errors: ['not-found', 'conflict.version'],
  permission: 'residence.residence:full',
  describe: 'Change how a property invites people. Invitations that were sent keep their links and their end.',
});
export const resetInvitationSettings = defineRpc('onboarding.reset-invitation-settings', {
  does: 'command',
  input: z.object({ propertyId: PropertyId }),
  output: InvitationSettings,
  errors: ['not-found'],
  permission: 'residence.residence:full',
  describe: 'Back to the defaults of this kind of property.',
});

const about = { propertyId: PropertyId.optional().describe('Of this property; without it, of the organization') };
export const getTerms = defineRpc('onboarding.get-terms', {
  does: 'query',
  input: z.object({ ...about, version: z.int().nonnegative().optional().describe('Without it the newest') }),
  output: Terms,
  errors: ['not-found'],
  permission: 'residence.residence:view',
  describe:
    'The terms and conditions that people accept when they activate their account: the property’s, else the organization’s.',
});
export const publishTerms = defineRpc('onboarding.publish-terms', {
  does: 'command',
  input: z.object({ ...about, title: z.string().trim().min(1).max(200), text: z.string().trim().min(1).max(100_000) }),
  output: Terms,
  errors: ['not-found', 'conflict.version'],
  permission: 'residence.residence:full',
  describe: 'Publish a new version of the terms. Who accepted an earlier one is shown with that one.',
});

export const settingsRpcs = [
  getInvitationSettings,
  setInvitationSettings,
  resetInvitationSettings,
  getTerms,
  publishTerms,
] as const;
