import type { Decided } from '../audience/verdict.rules.js';
import { segmentsOf, type Encoding } from '../sms/segment.rules.js';

/** What the texts of a message cost, over everybody who is texted: by the text of each, for names and units differ. */
export interface SmsLoad {
  readonly total: number;
  /** Of the longest; 1 where nobody is texted. */
  readonly most: number;
  /** Whose text is the longest. */
  readonly longest: string | null;
  /** How many people get how many segments, the fewest segments first. */
  readonly spread: readonly { readonly segments: number; readonly people: number }[];
  /** How many people’s texts hold a letter that is not in the GSM alphabet. */
  readonly ucs2: number;
  /** Whose texts are longer than any carrier takes. */
  readonly tooLong: readonly string[];
}

/** What Twilio takes as one text, in ten segments and more: code 21617 otherwise. */
export const longestSms = 1600;

export function smsLoad(decided: readonly Decided[], textFor: (one: Decided) => string): SmsLoad {
  const known = new Map<string, { readonly encoding: Encoding; readonly count: number }>(); // without merge fields it is one text
  const people = new Map<number, number>();
  const tooLong: string[] = [];
  let [total, most, ucs2]: [number, number, number] = [0, 0, 0];
  let longest: string | null = null;
  for (const one of decided) {
    if (one.channel !== 'sms' || !one.verdict.will) continue;
    const text = textFor(one);
    const { count, encoding } = known.get(text) ?? segmentsOf(text);
    known.set(text, { count, encoding });
    people.set(count, (people.get(count) ?? 0) + 1);
    total += count;
    if (encoding === 'ucs-2') ucs2 += 1;
    if (text.length > longestSms) tooLong.push(one.candidate.name);
    if (count > most) [most, longest] = [count, one.candidate.name];
  }
  const spread = [...people].sort(([a], [b]) => a - b).map(([segments, count]) => ({ segments, people: count }));
  return { total, most: Math.max(most, 1), longest, spread, ucs2, tooLong };
}
