import type { DeliveryFacts, InvitationMailState } from '@leasewire/contracts';
import type { MailTruth } from './mail-truth.js';

const states: Readonly<Record<DeliveryFacts['state'], InvitationMailState>> = {
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  delayed: 'sent',
  delivered: 'delivered',
  bounced: 'bounced',
  failed: 'failed',
  cancelled: 'failed',
  skipped: 'skipped',
  unknown: 'unknown',
};

export function mailTruthOf({ state, reason, updatedAt }: DeliveryFacts, version: number): MailTruth {
  return { state: states[state], reason, at: new Date(updatedAt), version };
}

/** Certainly not in a mailbox. What nobody knows is not among them. */
export const notArrived = (state: InvitationMailState): boolean =>
  state === 'bounced' || state === 'failed' || state === 'skipped';
