import type { ConsentAnswer } from '@leasewire/contracts';
import type { UnsubscribeCategory } from './unsubscribe-token.rules.js';

export type Choice = 'stop' | 'stop-all' | 'receive';
const otherThan = { operational: 'marketing', marketing: 'operational' } as const;
export type Answers = Readonly<Record<UnsubscribeCategory, ConsentAnswer | null>>;

/** Who pressed “spam” receives none of them, whatever they had said before. */
export const shownTo = (known: Answers, complained: boolean): Answers =>
  complained ? { operational: 'refused', marketing: 'refused' } : known;

/**
 * What a choice on the page says about which mails; nothing where it has been said already. Who had pressed “spam” and asks for mails of
 * one kind has not asked for the other.
 */
export function saidBy(
  choice: Choice,
  category: UnsubscribeCategory,
  known: Answers,
  complained = false,
): [UnsubscribeCategory, ConsentAnswer][] {
  const other: [UnsubscribeCategory, ConsentAnswer][] = complained ? [[otherThan[category], 'refused']] : [];
  const wanted: [UnsubscribeCategory, ConsentAnswer][] =
    choice === 'receive'
      ? [[category, 'granted'], ...other]
      : choice === 'stop'
        ? [[category, 'refused']]
        : [
            ['operational', 'refused'],
            ['marketing', 'refused'],
          ];
  return wanted.filter(([one, answer]) => known[one] !== answer);
}

/** Enough for its owner to know it; a link that is passed on tells nobody an address. */
export function hiddenAddress(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 1) return '•••';
  return `${address.slice(0, 1)}•••${address.slice(at)}`;
}
