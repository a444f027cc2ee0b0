/** How long one waits for those before it. A slow unit of work must not hold up all that ever conflicted. */
const mostMs = 500;

/**
 * Where many are at one document, trying again at random lets most of them run for nothing, again and again. Those that
 * have conflicted therefore go one behind the other within a process, and each but the first meets nobody.
 */
export class ConflictLane {
  #last: Promise<unknown> = Promise.resolve();

  async run<T>(attempt: () => Promise<T>): Promise<T> {
    const before = this.#last;
    let leave: () => void = () => undefined;
    const mine = new Promise<void>((resolve) => (leave = resolve));
    this.#last = before.then(() => mine);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([before, new Promise((resolve) => (timer = setTimeout(resolve, mostMs)))]);
    clearTimeout(timer);
    try {
      return await attempt();
    } finally {
      leave();
    }
  }
}
