/** For how many of what it meets a fault is there. */
export interface Extent {
  readonly times?: number | undefined;
  readonly after: number;
  readonly probability?: number | undefined;
}

export type Placed<Wish> = Wish & { readonly id: number; met: number };

/** What goes wrong, for whom and how often. */
export class FaultList<Wish extends Extent> {
  readonly #placed: Placed<Wish>[] = [];
  #lastId = 0;

  /** `chance` decides for faults with a probability; seeded, so that a run can be repeated. */
  constructor(private readonly chance: (share: number) => boolean = () => true) {}

  add(wish: Wish): Placed<Wish> {
    this.#lastId += 1;
    const fault = { ...wish, id: this.#lastId, met: 0 };
    this.#placed.push(fault);
    return fault;
  }

  /** All that apply to what happens now; each has then one less to spoil. */
  take(applies: (wish: Wish) => boolean): Placed<Wish>[] {
    const met = this.#placed.filter(applies).filter(({ probability = 1 }) => probability === 1 || this.chance(probability));
    for (const fault of met) fault.met += 1;
    for (const fault of this.#placed.filter(isSpent)) this.clear(fault.id);
    return met.filter((fault) => fault.met > fault.after);
  }

  list(): readonly Placed<Wish>[] {
    return this.#placed;
  }

  clear(id?: number): void {
    if (id === undefined) this.#placed.length = 0;
    const at = this.#placed.findIndex((fault) => fault.id === id);
    if (at >= 0) this.#placed.splice(at, 1);
  }
}

function isSpent({ times, after, met }: Placed<Extent>): boolean {
  return times !== undefined && met >= after + times;
}
