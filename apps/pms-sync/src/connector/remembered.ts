/**
 * What was worked out of a text, for the next sweep that brings the same one: nearly all of a sweep is what the last one had. It holds
 * so many and no more; when they are twice as many, those not asked for lately go.
 */
export class Remembered<T> {
  #young = new Map<string, T>();
  #old = new Map<string, T>();

  constructor(private readonly most: number) {}

  of(text: string, work: (text: string) => T): T {
    const known = this.#young.get(text);
    if (known !== undefined) return known;
    const older = this.#old.get(text);
    const value = older === undefined ? work(text) : older;
    if (this.#young.size >= this.most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, value);
    return value;
  }
}
