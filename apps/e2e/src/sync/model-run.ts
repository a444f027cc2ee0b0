import { eventually } from '@leasewire/testing';
import type { Vendor } from '@leasewire/simulators';
import { compared, customerIdOf, type Compared } from './comparison.js';
import { Dice } from './dice.js';
import type { PmsScene } from './pms-scene.js';
import type { AdoptedProperty, ResidentView, RunView } from './views.js';

export interface Watched extends AdoptedProperty {
  readonly vendor: Vendor;
  readonly kind: 'rental' | 'strata';
}
export interface ModelWish {
  readonly seed: number;
  readonly cycles: number;
  /** Operations between two syncs. */
  readonly operations: number;
  /** Of all cycles. */
  readonly faultShare: number;
  readonly dayShare: number;
  /** Of the properties: so many may go at once without that anybody is asked. */
  readonly brakeCount: number;
  /** Processes are killed in the middle of syncs. */
  readonly killShare?: number;
}

/** Until it is cleared, a number of calls, or one in the middle; what a vendor’s API, a network and a tired database do. */
const faults = [
  { kind: 'unauthorized' },
  { kind: 'forbidden' },
  { kind: 'rate-limited', retryAfterSeconds: 0, times: 1 },
  { kind: 'broken', times: 1, after: 1 },
  { kind: 'slow', ms: 100 },
  { kind: 'cut', times: 1 },
  { kind: 'invalid-json' },
  { kind: 'page-loop' },
  { kind: 'duplicate-page' },
  { kind: 'shrinking-total' },
  { kind: 'empty-success' },
  { kind: 'empty-list' },
  { kind: 'string-result' },
  { kind: 'single-object' },
  { kind: 'vanish' },
  { kind: 'appear' },
] as const;

/**
 * A world that changes at random, a PMS that fails at random, syncs at random, days that go by; and after each sync the question
 * whether somebody lost what is theirs, after each undisturbed one whether directory is the model.
 */
export class ModelRun {
  readonly #dice: Dice;
  readonly #openBefore = new Map<string, ReadonlySet<string>>();
  readonly tally = { operations: 0, syncs: 0, residents: 0, units: 0, faults: 0, held: 0, days: 0, compared: 0, kills: 0 };

  constructor(
    private readonly scene: PmsScene,
    private readonly properties: readonly Watched[],
    private readonly wish: ModelWish,
  ) {
    this.#dice = new Dice(wish.seed);
  }

  async run(): Promise<void> {
    for (let cycle = 1; cycle <= this.wish.cycles; cycle++) await this.#cycle(cycle);
    await this.quiet();
  }

  async #cycle(cycle: number): Promise<void> {
    const dice = this.#dice;
    const told = await this.scene.control<{ done: { name: string }[] }>('random', {
      count: this.wish.operations,
      seed: this.wish.seed * 1_000 + cycle,
      without: ['advance'],
    });
    this.tally.operations += told.done.length;
    if (dice.chance(this.wish.dayShare)) {
      this.tally.days += 1;
      await this.scene.passDays(1);
    }
    const some = this.properties.filter(() => dice.chance(0.7));
    const chosen = some.length === 0 ? this.properties : some;
    if (dice.chance(this.wish.faultShare)) return this.#disturbed(cycle, chosen);
    if (dice.chance(this.wish.killShare ?? 0)) await Promise.all([this.#sync(chosen), this.#kill()]);
    // before the sweep: what a sync of some is told then is news
    if (dice.chance(0.8)) await this.#targeted(dice.pick(chosen), `cycle ${cycle}`);
    await this.#swept(chosen, `cycle ${cycle}`);
  }

  /** With a fault at one vendor: whatever comes of it, nobody loses access who has a right to it. */
  async #disturbed(cycle: number, chosen: readonly Watched[]): Promise<void> {
    const fault = { ...this.#dice.pick(faults), vendor: this.#dice.pick(chosen).vendor };
    this.tally.faults += 1;
    await this.scene.control('faults', fault);
    await this.#sync(chosen);
    await this.scene.simulators.control.clearFaults();
    for (const property of chosen) {
      const spared = fault.kind === 'vanish' && fault.vendor === property.vendor ? this.wish.brakeCount : 0;
      await this.#nobodyLost(property, `cycle ${cycle}, ${JSON.stringify(fault)}`, spared);
    }
  }

  /** As by a power cut, some time within a sync; a supervisor starts it again. */
  async #kill(): Promise<void> {
    this.tally.kills += 1;
    await new Promise((resolve) => setTimeout(resolve, this.#dice.whole(50, 1_500)));
    const [victim] = this.scene.platform.processes(this.#dice.pick(['pms-sync', 'directory'] as const));
    if (victim) await this.scene.platform.replace(victim);
  }

  /** Without any: each property is as the model has it, as soon as staff have said yes to what the brake held. */
  async #swept(chosen: readonly Watched[], when: string): Promise<void> {
    // a place that nobody lives in any more is not believed to be empty before staff say so
    for (const run of await this.#sync(chosen)) if (run.counts.held === 0) assertHealthy(run, when);
    if (await this.#decide(chosen)) for (const run of await this.#sync(chosen)) assertHealthy(run, when);
    for (const property of chosen) await this.#isTheModel(property, when);
  }

  /** All of it, until nothing is open any more. */
  async quiet(): Promise<void> {
    await this.scene.simulators.control.clearFaults();
    await this.#swept(this.properties, 'after the quiet period');
    const again = await this.#sync(this.properties);
    for (const { counts, propertyId } of again)
      if (counts.synced + counts.failed + counts.held > 0)
        throw new Error(`a second sweep of ${propertyId} changed something: ${JSON.stringify(counts)}`);
    for (const property of this.properties) await this.#isTheModel(property, 'after the quiet period');
  }

  async #sync(chosen: readonly Watched[]): Promise<RunView[]> {
    this.tally.syncs += chosen.length;
    return this.scene.sync({ propertyIds: chosen.map(({ propertyId }) => propertyId) });
  }

  /** Some residents, or those of some units. */
  async #targeted(property: Watched, when: string): Promise<void> {
    const { propertyId } = property;
    const what = this.#dice.chance(0.5) ? 'residents' : 'units';
    const all = what === 'residents' ? await this.scene.residents(propertyId, 'active') : await this.scene.units(propertyId);
    const ids = all.filter(() => this.#dice.chance(0.25)).map(({ id }) => id);
    if (ids.length === 0) return;
    this.tally.syncs += 1;
    this.tally[what] += ids.length;
    for (const run of await this.scene.sync({ [what]: { ids } }))
      if (run.state !== 'done') throw new Error(`${when}: syncing ${ids.length} ${what} came to ${JSON.stringify(run)}`);
    await this.#nobodyLost(property, `${when}, chosen ${what}`);
  }

  /** Staff look at what was held and say yes: the model is the truth here. True when there was something. */
  async #decide(chosen: readonly Watched[]): Promise<boolean> {
    let any = false;
    for (const { propertyId } of chosen)
      for (const hold of await this.scene.holds(propertyId)) {
        any = true;
        this.tally.held += 1;
        await this.scene.owner.expect(200, 'POST', `/v1/holds/${hold.id}/approve`, { body: {} });
        await eventually(async () =>
          (await this.scene.runs(propertyId)).every(({ state }) => state !== 'queued' && state !== 'running'),
        );
      }
    return any;
  }

  /** What a killed process had begun is taken up when its lease is over. */
  get #settledWithinMs(): number {
    return this.tally.kills > 0 ? 45_000 : 8_000;
  }

  async #isTheModel(property: Watched, when: string): Promise<void> {
    this.tally.compared += 1;
    let residents: ResidentView[] = [];
    try {
      await eventually(
        async () => {
          residents = await this.scene.residents(property.propertyId);
          const { differences } = await this.#compared(property, residents);
          if (differences.length > 0)
            throw new Error(
              `${property.name}, ${when}: ${differences.length} differences:\n${differences.slice(0, 8).join('\n')}`,
            );
        },
        { timeoutMs: this.#settledWithinMs, everyMs: 200, what: `directory is the model (seed ${this.wish.seed})` },
      );
    } catch (error) {
      for (const run of await this.scene.runs(property.propertyId)) process.stderr.write(`${JSON.stringify(run)}\n`);
      throw error;
    }
    this.#remember(property, residents);
  }

  /**
   * Less those whom the brake lets go, however right their leases are: so few leave every day. Whose announced last day it is, and whom the
   * PMS does not show any more, has left as well.
   */
  async #nobodyLost(property: Watched, when: string, spared = 0): Promise<void> {
    const residents = await this.scene.residents(property.propertyId);
    const { entitled } = await this.#compared(property, residents);
    const now = openIn(residents);
    const isLastDay = (id: string): boolean =>
      residents.some(
        (one) =>
          customerIdOf(one) === id &&
          one.occupancies.some(({ until, endedAt }) => endedAt !== null && until === localDay(endedAt, property.timeZone)),
      );
    const lost = [...(this.#openBefore.get(property.propertyId) ?? [])].filter(
      (id) => entitled.has(id) && !now.has(id) && !(spared > 0 && isLastDay(id)),
    );
    if (lost.length > spared) {
      const stand = residents
        .filter((one) => lost.includes(customerIdOf(one)))
        .map(({ access, occupancies }) => [access, occupancies]);
      const who = `${property.name}, ${when} (seed ${this.wish.seed}): ${lost.join()}`;
      throw new Error(`${who} lost access, and the lease gives it; in directory they have ${JSON.stringify(stand)}`);
    }
    this.#remember(property, residents);
  }

  async #compared({ propertyId, upstreamId, kind, timeZone }: Watched, residents: readonly ResidentView[]): Promise<Compared> {
    const windows = {
      timeZone,
      ...(kind === 'rental' ? { futureMoveInDays: 3, futureMoveOutDays: 0 } : { futureMoveInDays: 0, futureMoveOutDays: 0 }),
    };
    const shown = { residents, units: await this.scene.units(propertyId), now: this.scene.now() };
    return compared(this.scene.simulators.world(), upstreamId.replace(/^\w+-/, ''), shown, windows);
  }

  #remember({ propertyId }: Watched, residents: readonly ResidentView[]): void {
    this.#openBefore.set(propertyId, openIn(residents));
  }
}

const localDay = (at: string, timeZone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(at));

const openIn = (residents: readonly ResidentView[]): Set<string> =>
  new Set(residents.filter(({ access }) => access.open).map(customerIdOf));

function assertHealthy(run: RunView, when: string): void {
  if (run.state === 'done' && run.complete && run.counts.failed === 0) return;
  throw new Error(`${when}: an undisturbed sweep came to ${JSON.stringify(run)}`);
}
