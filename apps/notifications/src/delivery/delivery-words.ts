import { MessageId, PropertyId, type Channel, type OrgId, type SkipReason } from '@leasewire/contracts';
import type { SecretPlace } from '@leasewire/persistence';
import { z } from 'zod';

/** The kind of effect that sends by a channel: what somebody may wait for has a queue of its own. */
export const effectOf = (channel: Channel, first: boolean): string => (first ? `deliver-${channel}-first` : `deliver-${channel}`);

/** The kind of effect that tells staff of deliveries of a message that became unknown. */
export const tellOfUnknown = 'tell-of-unknown';
export const Unknown = z.object({
  /** null: mails that are a message each */
  messageId: MessageId.nullable(),
  propertyId: PropertyId.nullable(),
  hour: z.string().optional(),
});
export type Unknown = z.output<typeof Unknown>;

export const sealedAt = (orgId: OrgId): SecretPlace => ({ orgId, collection: 'deliveries', field: 'secrets' });

/** What staff can do so that somebody is reached next time. */
export const nextSteps: Readonly<Partial<Record<SkipReason, string>>> = {
  'no-address': 'Add one in the PMS or on the resident’s page.',
  'unusable-address': 'Correct it in the PMS or on the resident’s page.',
  suppressed: 'Correct the address; or release it from the suppression list if you know that it works.',
  'no-consent': 'Ask them to agree on their page.',
  'pending-import': 'Import them first.',
  'service-not-started': 'Start the service of the property first.',
  'missing-field': 'Give the field a default in the text, or complete their record.',
};

export const leftReason = 'They were archived before it went out.';
export const unknownReason = 'The connection was lost before the provider answered; it may or may not have gone out.';
export const unknownStep = 'Ask them whether it arrived; then mark it sent, failed, or send it again.';
