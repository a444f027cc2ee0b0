import { z } from 'zod';
import { defineRpc } from '../define.js';
import { PersonId, PropertyId, SuppressionId } from '../ids.js';
import { EmailAddress, PageQuery, pageOf } from '../words.js';
import { Channel, E164, Sender, Suppression } from './words.js';

const view = 'communication.messages:view';
const full = 'communication.messages:full';

export const listSuppressions = defineRpc('notifications.list-suppressions', {
  does: 'query',
  input: PageQuery.extend({
    channel: Channel.optional(),
    state: z.enum(['active', 'released']).default('active'),
    personId: PersonId.optional(),
    address: z.string().max(254).optional(),
    withTotal: z.boolean().optional(),
  }),
  output: pageOf(Suppression),
  errors: ['cursor.invalid'],
  permission: view,
  describe: 'Addresses that are not written to any more, newest first: bounced, complained, or put there by staff.',
});
export const addSuppression = defineRpc('notifications.add-suppression', {
  does: 'command',
  input: z.object({
    email: EmailAddress.optional().describe('An e-mail address, or else a phone number'),
    phone: E164.optional(),
    detail: z.string().trim().max(300).optional(),
  }),
  output: Suppression,
  permission: full,
  describe:
    'Write to this address no more, except in an emergency or about the security of an account. Staff of some properties add only addresses that were written to from these.',
});
export const releaseSuppression = defineRpc('notifications.release-suppression', {
  does: 'command',
  input: z.object({ suppressionId: SuppressionId, because: z.string().trim().min(1).max(300) }),
  output: Suppression,
  errors: ['not-found', 'conflict.state', 'suppression.complaint'],
  permission: full,
  describe:
    'Write to an address again. Not after a complaint: whoever complained asks for it, by the link at the end of any mail.',
});
export const getSender = defineRpc('notifications.get-sender', {
  does: 'query',
  input: z.object({ propertyId: PropertyId.nullable() }),
  output: Sender,
  errors: ['not-found'],
  permission: view,
  describe: 'Under whose name a property, or the organization, writes.',
});
export const setSender = defineRpc('notifications.set-sender', {
  does: 'command',
  input: Sender.omit({ version: true }).extend({ version: z.int().nonnegative().optional() }),
  output: Sender,
  errors: ['not-found', 'conflict.version', 'sender.domain-not-ready'],
  permission: 'communication.templates:full',
  describe: 'Set the name, domain, reply address and daily limit. A domain must be one that the deployment signs for.',
});

export const suppressionRpcs = [listSuppressions, addSuppression, releaseSuppression, getSender, setSender] as const;
