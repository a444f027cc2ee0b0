import type { Decided } from '../audience/verdict.rules.js';
import { segmentsOf } from '../sms/segment.rules.js';
import { withPlainSigns } from '../sms/plain-sms.rules.js';

/** Texts differ by names and units only, so that a few of them say how long the longest is. */
const lookedAt = 25;

/** Segments of the longest text among some recipients, evenly chosen; 1 where nobody is texted. */
export function longestText(decided: readonly Decided[], textFor: (one: Decided) => string): number {
  const texted = decided.filter(({ channel, verdict }) => channel === 'sms' && verdict.will);
  const step = Math.max(1, Math.ceil(texted.length / lookedAt));
  const some = texted.filter((_one, at) => at % step === 0);
  return some.reduce((most, one) => Math.max(most, segmentsOf(withPlainSigns(textFor(one))).count), 1);
}
