import { InvitationMailState } from '@leasewire/contracts';
import { z } from 'zod';

/** What is known about a mail, with the version of the delivery that said so. */
export const MailTruth = z.object({
  state: InvitationMailState,
  reason: z.string().nullable(),
  at: z.date(),
  version: z.int().default(0),
});
export type MailTruth = z.output<typeof MailTruth>;
