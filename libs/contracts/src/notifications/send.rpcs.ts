import { z } from 'zod';
import { ResidentSelection } from '../directory/resident-list.rpcs.js';
import { defineRpc } from '../define.js';
import { MessageId, PersonId, PropertyId, ResidentId, StaffId } from '../ids.js';
import { EmailAddress } from '../words.js';
import { Channel, E164, FieldData, MessageCategory, MessageLanguage, Reach, SecretData } from './words.js';

export const TemplateName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(60)
  .describe('A template of the registry: `welcome`, `wifi-password`');
const ofOne = {
  data: FieldData.optional().describe('For this recipient only; wins over the data for all'),
  secrets: SecretData.optional(),
};
/** Whom a service means. Where it gives no address, notifications finds the one that is known when it sends. */
export const Recipient = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('resident'), residentId: ResidentId, ...ofOne }),
  z.object({
    kind: z.literal('person'),
    personId: PersonId.describe('By the address of the residency in the property of the message, else of any'),
    ...ofOne,
  }),
  z.object({ kind: z.literal('staff'), staffId: StaffId, ...ofOne }),
  z.object({
    kind: z.literal('address'),
    email: EmailAddress.optional(),
    phone: E164.optional(),
    name: z.string().trim().max(220),
    personId: PersonId.optional(),
    residentId: ResidentId.optional(),
    staffId: StaffId.optional(),
    language: MessageLanguage.optional(),
    ...ofOne,
  }),
]);

const what = {
  template: TemplateName,
  category: MessageCategory,
  channels: z.array(Channel).min(1).max(2).default(['email']),
  propertyId: PropertyId.nullable().default(null).describe('Whose name is on it and whose clocks are shown'),
};

export const sendTemplate = defineRpc('notifications.send', {
  does: 'command',
  input: z.object({
    key: z
      .string()
      .min(1)
      .max(200)
      .describe(
        'What the caller calls it. Asking again under the same key sends nothing more and answers the same; it is in every delivery event',
      ),
    ...what,
    language: MessageLanguage.optional().describe('Where it is not known which language a recipient reads'),
    recipients: z.array(Recipient).min(1).max(1000),
    many: z
      .boolean()
      .default(false)
      .describe(
        'One of so many of its kind that others go before it: a password that somebody waits for does not stand behind a Go Live',
      ),
    data: FieldData.default({}),
    secrets: SecretData.default({}),
  }),
  output: z.object({ messageId: MessageId }),
  errors: ['template.unknown', 'message.invalid'],
  permission: 'service',
  describe:
    'Send a template to people. Each recipient and channel gets a delivery, whose states come as `notifications.delivery.changed` with the same `key`.',
  timeoutMs: 10_000,
});
export const withdrawMessage = defineRpc('notifications.withdraw', {
  does: 'command',
  input: z.object({ key: z.string().min(1).max(200), reason: z.string().min(1).max(300) }),
  output: z.object({ withdrawn: z.int().nonnegative().describe('Deliveries that will not be tried; others had begun') }),
  errors: ['not-found'],
  permission: 'service',
  describe: 'Take back what the caller sent under a key, as far as it has not begun to go out.',
});
export const estimateMessage = defineRpc('notifications.estimate', {
  does: 'query',
  input: z.object({ ...what, residents: ResidentSelection }),
  output: Reach,
  errors: ['template.unknown'],
  permission: 'service',
  describe: 'How many of these residents a template would reach now, and why not the others: by the code that sends it.',
  timeoutMs: 15_000,
});
