import type { DeliveryState } from '@leasewire/contracts';

/**
 * A delivery only moves forward: what a provider says late, twice or in the wrong order never takes back what is known. `delayed`
 * means that a provider still tries, `sent` that it has it.
 */
const after: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  queued: ['sending', 'unknown', 'sent', 'delivered', 'delayed', 'bounced', 'failed', 'skipped', 'cancelled'],
  sending: ['queued', 'unknown', 'sent', 'delivered', 'delayed', 'bounced', 'failed'],
  // found out by a provider, or decided by a person
  unknown: ['queued', 'sent', 'delivered', 'delayed', 'bounced', 'failed', 'skipped', 'cancelled'],
  sent: ['delivered', 'delayed', 'bounced', 'failed'],
  delayed: ['delivered', 'bounced', 'failed'],
  // mail servers accept first and bounce afterwards; a handset never does
  delivered: ['bounced'],
  bounced: [],
  failed: [],
  skipped: [],
  cancelled: [],
};

export const mayBecome = (from: DeliveryState, to: DeliveryState): boolean => after[from].includes(to);

/** Nothing more is expected by itself. After `sent` a bounce may still come, for a few days. */
export const isFinal = (state: DeliveryState): boolean =>
  state === 'delivered' || state === 'bounced' || state === 'failed' || state === 'skipped' || state === 'cancelled';

/** It has been tried, or never will be: what a message waits for. */
export const isTried = (state: DeliveryState): boolean => state !== 'queued' && state !== 'sending';

/**
 * Nobody knows yet what became of it: an attempt may tell. Of the others something is known, from a provider or a person, and an attempt
 * that did not hear of that in time takes none of it back.
 */
export const isOpen = (state: DeliveryState): boolean => state === 'queued' || state === 'sending' || state === 'unknown';

/** Secrets are kept only as long as it may have to be sent again. */
export const needsSecrets = isOpen;

/** What a person may have to see to; the others are as they should be. */
export const outOfTheOrdinary = [
  'unknown',
  'delayed',
  'bounced',
  'failed',
  'skipped',
  'cancelled',
] as const satisfies readonly DeliveryState[];
