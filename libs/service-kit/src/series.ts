interface Labelled<Child> {
  labels(...values: string[]): Child;
}

/**
 * The time series of a metric by the values of its labels, each found once: finding it costs more than counting, and calls
 * are counted twice each.
 */
export class Series<Child> {
  readonly #found = new Map<string, Map<string, Child>>();

  constructor(private readonly metric: Labelled<Child>) {}

  /** Values in the order of the metric's labels; one or two. */
  of(first: string, second?: string): Child {
    let row = this.#found.get(first);
    if (!row) {
      row = new Map<string, Child>();
      this.#found.set(first, row);
    }
    const key = second ?? '';
    let child = row.get(key);
    if (child === undefined) {
      child = second === undefined ? this.metric.labels(first) : this.metric.labels(first, second);
      row.set(key, child);
    }
    return child;
  }
}
