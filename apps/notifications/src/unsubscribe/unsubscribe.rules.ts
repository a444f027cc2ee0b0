import type { ConsentAnswer } from '@leasewire/contracts';
import type { UnsubscribeCategory } from './unsubscribe-token.rules.js';

export type Choice = 'stop' | 'stop-all' | 'receive';
export type Answers = Readonly<Record<UnsubscribeCategory, ConsentAnswer | null>>;

/** What a choice on the page says about which mails; nothing where it has been said already. */
export function saidBy(choice: Choice, category: UnsubscribeCategory, known: Answers): [UnsubscribeCategory, ConsentAnswer][] {
  const wanted: [UnsubscribeCategory, ConsentAnswer][] =
    choice === 'receive'
      ? [[category, 'granted']]
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
