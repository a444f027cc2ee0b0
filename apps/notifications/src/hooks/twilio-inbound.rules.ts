import type { ConsentAnswer } from '@leasewire/contracts';
import type { Reply } from '../sms/reply.rules.js';
import { isAnsweredByTwilio } from '../sms/twilio-codes.rules.js';

/** What comes of a text at once. */
export interface Consequence {
  readonly state: 'waiting' | 'acted';
  /** About everything. */
  readonly says: ConsentAnswer | null;
  /** One last text that says it worked; none where Twilio says so itself. */
  readonly confirm: boolean;
}

/** Single words act; anything that a person should understand waits for one. */
export function consequenceOf(reading: Reply, body: string): Consequence {
  const byTwilio = isAnsweredByTwilio(body);
  switch (reading) {
    case 'opt-out':
      return { state: 'acted', says: 'refused', confirm: !byTwilio };
    case 'opt-in':
      return { state: 'acted', says: 'granted', confirm: !byTwilio };
    case 'help':
      return { state: byTwilio ? 'acted' : 'waiting', says: null, confirm: false };
    case 'maybe-opt-out':
    case 'other':
      return { state: 'waiting', says: null, confirm: false };
  }
}

/** Plain and without anything to sell: more than that is not allowed in a confirmation (47 CFR 64.1200(a)(12)). */
export const confirmations: Readonly<Record<ConsentAnswer, string>> = {
  refused: 'You will get no more texts from us. Text START if you want them again.',
  granted: 'You will get texts from us again. Text STOP at any time to end them.',
};
