import type { JobContract, JobId, OrgId } from '@leasewire/contracts';
import { backoffMs } from '../pace/backoff.js';
import { isPassing } from '../pace/passing.js';
import { JobSteps } from './job-steps.js';
import type { JobHandler, JobsSettings } from './job-handler.js';
import type { JobRow } from './job-rows.js';
import type { JobStore } from './job-store.js';
import { Leases } from '../pace/leases.js';
import { NightWatch } from '../pace/night-watch.js';
import { Wakeable } from '../pace/wakeable.js';
import type { Tx } from '../work/tx.js';

/** How long one job is worked at before others get their turn. */
const sliceMs = 1000;
const leaseMs = 3_000;
const afterTrouble = { firstMs: 500, mostMs: 30_000 };

interface Candidate {
  readonly orgId: OrgId;
  readonly jobs: readonly JobId[];
}

/**
 * Works on jobs, a slice at a time, organizations in turn, so that one with a hundred thousand items does not make the
 * others wait. One replica works on a job at a time; should two ever, their transactions conflict and no item is done twice.
 */
export class JobRunner {
  readonly #steps: JobSteps;
  readonly #leases: Leases;
  readonly #slots: Wakeable[];
  readonly #watch = new NightWatch();
  /** When each organization had its turn here, as a count. */
  readonly #served = new Map<OrgId, number>();
  readonly #here = new Set<JobId>();
  readonly #trouble = new Map<JobId, { failures: number; until: number }>();
  #turn = 0;
  #running: Promise<unknown> | undefined;
  #stopping = false;

  constructor(
    private readonly store: JobStore,
    private readonly settings: JobsSettings,
  ) {
    this.#steps = new JobSteps(store, settings);
    this.#leases = new Leases(settings.db, settings.clock);
    this.#slots = Array.from({ length: settings.slots ?? 2 }, () => new Wakeable());
  }

  define<C extends JobContract>(contract: C, handler: JobHandler<C>): void {
    this.#steps.define(contract, handler);
  }

  contract(name: string): JobContract | undefined {
    return this.#steps.contract(name);
  }

  contracts(): JobContract[] {
    return this.#steps.contracts();
  }

  cancel(tx: Tx, job: JobRow): Promise<void> {
    return this.#steps.cancel(tx, job);
  }

  start(): void {
    this.#stopping = false;
    if (this.contracts().length === 0) return;
    this.#running ??= Promise.all(this.#slots.map((slot) => this.#run(slot)));
  }

  /** Ends after the transactions that are under way; another replica goes on. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#running;
    this.#running = undefined;
  }

  wake(): void {
    for (const slot of this.#slots) slot.wake();
  }

  async #run(slot: Wakeable): Promise<void> {
    const { log, pollMs = 1000 } = this.settings;
    for (let failures = 0; !this.#stopping;) {
      try {
        const worked = await this.#workOnNext(slot);
        failures = 0;
        if (!worked) await this.#watch.pause(slot, pollMs);
      } catch (error) {
        if (failures++ % 30 === 0) log.warn({ err: error }, 'jobs cannot be worked on for the moment; they go on later');
        await slot.pause(backoffMs(failures, { firstMs: 200, mostMs: 2000 }));
      }
    }
  }

  /** True when there was something to do. */
  async #workOnNext(slot: Wakeable): Promise<boolean> {
    for (const { orgId, jobs } of await this.#candidates())
      for (const id of jobs) {
        if (this.#here.has(id) || this.#isResting(id)) continue;
        this.#here.add(id);
        for (const other of this.#slots) if (other !== slot) other.wake();
        try {
          if (await this.#slice(id, orgId)) return true;
        } finally {
          this.#here.delete(id);
        }
      }
    return false;
  }

  /** The oldest few jobs of each organization that can go on; those that waited longest for a turn first. */
  async #candidates(): Promise<Candidate[]> {
    const not = [...this.#here, ...[...this.#trouble.keys()].filter((id) => this.#isResting(id))];
    const found = await this.store.jobs
      .aggregate<Candidate>([
        { $match: { active: true, name: { $in: this.contracts().map(({ name }) => name) }, _id: { $nin: not } } },
        { $sort: { _id: 1 } },
        { $group: { _id: '$orgId', orgId: { $first: '$orgId' }, jobs: { $firstN: { n: 8, input: '$_id' } } } },
      ])
      .toArray();
    const turnOf = ({ orgId }: Candidate): number => this.#served.get(orgId) ?? 0;
    const waiting = new Set(found.map(({ orgId }) => orgId));
    for (const orgId of this.#served.keys()) if (!waiting.has(orgId) && this.#served.size > 1000) this.#served.delete(orgId);
    return found.sort((a, b) => turnOf(a) - turnOf(b));
  }

  async #slice(id: JobId, orgId: OrgId): Promise<boolean> {
    const { clock, log } = this.settings;
    const lease = await this.#leases.acquire(`job:${id}`, leaseMs);
    if (!lease) return false;
    this.#served.set(orgId, ++this.#turn);
    lease.keep();
    try {
      const until = clock.monotonicMs() + sliceMs;
      let more = true;
      while (more && !this.#stopping && lease.isHeld() && clock.monotonicMs() < until) more = await this.#steps.step(id);
      this.#trouble.delete(id);
    } catch (error) {
      const failures = (this.#trouble.get(id)?.failures ?? 0) + 1;
      this.#trouble.set(id, { failures, until: clock.monotonicMs() + backoffMs(failures, afterTrouble) });
      log.warn({ err: error, job: id, passing: isPassing(error) }, 'a job cannot go on for the moment; it is tried again');
    } finally {
      await lease.release().catch(() => undefined); // it ends by itself
    }
    return true;
  }

  #isResting(id: JobId): boolean {
    return (this.#trouble.get(id)?.until ?? 0) > this.settings.clock.monotonicMs();
  }
}
