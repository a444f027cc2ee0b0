const mostEntries = 10_000;
const mostCharacters = 16 * 1024 * 1024;

/** Remembers by text, the newest first to stay; bounded by count and by size, since a token may name 5,000 properties. */
export class Remembered<V> {
  readonly #values = new Map<string, V>();
  #characters = 0;

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V): void {
    this.delete(key);
    this.#values.set(key, value);
    this.#characters += key.length;
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= mostEntries && this.#characters <= mostCharacters) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#characters -= key.length;
  }

  get size(): number {
    return this.#values.size;
  }
}
