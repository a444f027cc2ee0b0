const stops = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'];
const starts = ['START', 'YES', 'UNSTOP'];
const helps = ['HELP', 'INFO'];

export type Keyword = 'STOP' | 'START' | 'HELP';

/** Only the single word counts: “STOP PLEASE” blocks nothing at the vendor. */
export function keywordOf(body: string): Keyword | null {
  const word = body.trim().toUpperCase();
  if (stops.includes(word)) return 'STOP';
  if (starts.includes(word)) return 'START';
  return helps.includes(word) ? 'HELP' : null;
}

export const keywordReplies: Readonly<Record<Keyword, string>> = {
  STOP: 'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.',
  START: 'You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe.',
  HELP: 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
};

/** Who said STOP to which sender; a messaging service is one sender with all its numbers. */
export class OptOuts {
  readonly #pairs = new Set<string>();

  add(number: string, sender: string): void {
    this.#pairs.add(`${number} ${sender}`);
  }

  remove(number: string, sender: string): void {
    this.#pairs.delete(`${number} ${sender}`);
  }

  has(number: string, sender: string): boolean {
    return this.#pairs.has(`${number} ${sender}`);
  }

  list(): { number: string; sender: string }[] {
    return [...this.#pairs].map((pair) => {
      const [number = '', sender = ''] = pair.split(' ');
      return { number, sender };
    });
  }

  clear(): void {
    this.#pairs.clear();
  }
}
