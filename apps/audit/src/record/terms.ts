import { createHmac } from 'node:crypto';

/** Keyed digests, so that neither words nor large values can be tried out without the key. One for each batch or query. */
export class Terms {
  readonly #known = new Map<string, string>();

  constructor(private readonly key: Buffer) {}

  of(word: string): string {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const term = this.#digest('word', word).subarray(0, 9).toString('base64url');
    this.#known.set(word, term);
    return term;
  }

  readonly digest = (text: string): string => this.#digest('value', text).toString('base64url');

  #digest(what: string, text: string): Buffer {
    return createHmac('sha256', this.key).update(`${what}\0${text}`).digest();
  }
}
