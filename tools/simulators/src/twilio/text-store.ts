import { isLike } from '../mail/faults.js';
import type { Text } from './text.js';

export interface TextQuery {
  /** `*` stands for anything, here as in all others. */
  readonly to?: string | undefined;
  readonly from?: string | undefined;
  readonly body?: string | undefined;
  readonly direction?: string | undefined;
}

export interface TextTally {
  /** Taken from senders, whether or not they were told. */
  readonly accepted: number;
  readonly answered: number;
  readonly byRecipient: ReadonlyMap<string, number>;
}

const mostKept = 50_000;

/** Keeps the newest texts; what is counted is counted for all. */
export class TextStore {
  #texts: Text[] = [];
  readonly #bySid = new Map<string, Text>();
  readonly #byRecipient = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  #accepted = 0;
  #answered = 0;

  add(text: Text): void {
    this.#texts.push(text);
    this.#bySid.set(text.sid, text);
    if (this.#texts.length > mostKept) this.#bySid.delete(this.#texts.shift()?.sid ?? '');
    if (text.direction === 'outbound-api') {
      this.#accepted += 1;
      this.#byRecipient.set(text.to, (this.#byRecipient.get(text.to) ?? 0) + 1);
    }
    this.changed();
  }

  answered(text: Text): void {
    text.answered = true;
    this.#answered += 1;
  }

  changed(): void {
    for (const look of this.#waiting) look();
  }

  get(sid: string): Text | undefined {
    return this.#bySid.get(sid);
  }

  /** The oldest first. */
  list(query: TextQuery = {}): Text[] {
    return this.#texts.filter((text) => matches(text, query));
  }

  tally(): TextTally {
    return { accepted: this.#accepted, answered: this.#answered, byRecipient: this.#byRecipient };
  }

  async wait(query: TextQuery, { count = 1, timeoutMs = 30_000 } = {}): Promise<Text[]> {
    const enough = () => this.list(query).length >= count;
    if (!enough())
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer);
          this.#waiting.delete(look);
          resolve();
        };
        const look = () => {
          if (enough()) end();
        };
        const timer = setTimeout(end, timeoutMs);
        this.#waiting.add(look);
      });
    return this.list(query);
  }

  clear(): void {
    this.#texts = [];
    this.#bySid.clear();
    this.#byRecipient.clear();
    this.#accepted = 0;
    this.#answered = 0;
  }
}

function matches(text: Text, { to, from, body, direction }: TextQuery): boolean {
  if (to !== undefined && !isLike(to, text.to)) return false;
  if (from !== undefined && !isLike(from, text.from)) return false;
  if (body !== undefined && !isLike(body, text.body)) return false;
  return direction === undefined || direction === text.direction;
}
