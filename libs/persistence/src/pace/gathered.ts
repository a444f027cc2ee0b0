/** Items that come while others are under way go together, next. `perform` must not throw. */
export class Gathered<T> {
  #next: { readonly items: T[]; readonly done: Promise<void> } | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly perform: (items: readonly T[]) => Promise<void>) {}

  /** Resolves when it was performed. */
  add(item: T): Promise<void> {
    this.#next ??= this.#begin();
    this.#next.items.push(item);
    return this.#next.done;
  }

  #begin(): { items: T[]; done: Promise<void> } {
    const items: T[] = [];
    this.#last = this.#last.then(() => {
      this.#next = undefined;
      return this.perform(items);
    });
    return { items, done: this.#last };
  }
}
