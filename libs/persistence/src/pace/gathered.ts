/** Items that come while others are under way go together, next. `perform` must not throw. */
export class Gathered<T, R = void> {
  #next: { readonly items: T[]; readonly done: Promise<R> } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly perform: (items: readonly T[]) => Promise<R>) {}

  /** Resolves when it was performed, with the result for all that it was performed for. */
  add(item: T): Promise<R> {
    this.#next ??= this.#begin();
    this.#next.items.push(item);
    return this.#next.done;
  }

  #begin(): { items: T[]; done: Promise<R> } {
    const items: T[] = [];
    const done = this.#last.then(() => {
      this.#next = undefined;
      return this.perform(items);
    });
    this.#last = done;
    return { items, done };
  }
}
