interface Lane<T> {
  readonly waiting: T[];
  /** Of groups that are under way. */
  running: number;
  /** When those that wait go on beside the group before them. */
  overtaking: NodeJS.Timeout | undefined;
}

/** A transaction that grows on conflicts more often, and holds what it wrote for longer. */
const mostTogether = 20;
/** How long those that wait leave the group before them alone: one that is slow must not hold up all that come after it. */
const patienceMs = 250;

/**
 * Whoever comes while one of its kind is under way waits for its end, and then all that wait go together: what a transaction
 * costs beside its own operations is paid once for all of them. Nobody waits where nothing is under way.
 */
export class Companions<T> {
  readonly #lanes = new Map<string, Lane<T>>();

  /** `go` never rejects. */
  constructor(private readonly go: (together: readonly [T, ...T[]]) => Promise<void>) {}

  join(kind: string, one: T): void {
    const lane = this.#lanes.get(kind) ?? { waiting: [], running: 0, overtaking: undefined };
    this.#lanes.set(kind, lane);
    lane.waiting.push(one);
    if (lane.running === 0) void this.#run(kind, lane);
    else this.#letOvertake(kind, lane);
  }

  async #run(kind: string, lane: Lane<T>): Promise<void> {
    lane.running += 1;
    for (;;) {
      const [first, ...others] = lane.waiting.splice(0, mostTogether);
      if (first === undefined) break;
      await this.go([first, ...others]);
    }
    lane.running -= 1;
    if (lane.running > 0) return;
    clearTimeout(lane.overtaking);
    this.#lanes.delete(kind);
  }

  #letOvertake(kind: string, lane: Lane<T>): void {
    lane.overtaking ??= setTimeout(() => {
      lane.overtaking = undefined;
      if (lane.waiting.length > 0) void this.#run(kind, lane);
    }, patienceMs);
  }
}
