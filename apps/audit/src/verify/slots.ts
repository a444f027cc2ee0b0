/** So many at once. Whoever comes when all are taken waits, and the first to come is the first to go. */
export class Slots {
  readonly #waiting = new Set<() => void>();

  constructor(private free: number) {}

  /** False when none became free in that time. */
  async take(withinMs: number): Promise<boolean> {
    if (this.free > 0) {
      this.free -= 1;
      return true;
    }
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(go);
        resolve(false);
      }, withinMs);
      this.#waiting.add(go);
    });
  }

  give(): void {
    const [next] = this.#waiting;
    if (!next) this.free += 1;
    else if (this.#waiting.delete(next)) next();
  }
}
