import type { DeliveryState } from '@leasewire/contracts';
import { codeRow } from './twilio-codes.rules.js';

/** What a status of Twilio means to a delivery; null: it moves nothing, yet Twilio has the text. */
export interface StatusMeaning {
  readonly state: Extract<DeliveryState, 'sent' | 'delivered' | 'failed'>;
  readonly reason: string | null;
  readonly nextStep: string | null;
  readonly is: ReturnType<typeof codeRow>['is'] | null;
}

const taken: StatusMeaning = { state: 'sent', reason: null, nextStep: null, is: null };
/** Some carriers never say more than `sent`, so that may be the last. */
const going = new Set(['accepted', 'scheduled', 'queued', 'sending', 'sent']);
const there = new Set(['delivered', 'read', 'partially_delivered']);
const gone = new Set(['undelivered', 'failed', 'canceled']);

/** Null: a word that Twilio has not said before; it is kept and changes nothing. */
export function meaningOf(status: string, code: number | null): StatusMeaning | null {
  if (going.has(status)) return taken;
  if (there.has(status)) return { ...taken, state: 'delivered' };
  if (!gone.has(status)) return null;
  if (code === null)
    return {
      ...taken,
      state: 'failed',
      reason: 'It did not arrive; Twilio does not say why.',
      nextStep: 'Send it again, or reach them by e-mail.',
    };
  const { reason, nextStep, is } = codeRow(code);
  return { state: 'failed', reason, nextStep, is };
}
