import type { Clock, Log } from '@leasewire/messaging';
import type { Database } from '../database/database.js';
import { backoffMs } from '../pace/backoff.js';
import { Wakeable } from '../pace/wakeable.js';
import { claimable } from './due-store.js';

interface Watched {
  readonly collection: string;
  readonly aheadMs: number;
  readonly wake: () => void;
}

/**
 * Asks for all claimers of a service at once whether there is something for them, and wakes those: a service has many, and one
 * question each, every second on every replica, is most of what an idle system does.
 */
export class DueLookout {
  readonly #watched: Watched[] = [];
  readonly #wakeable = new Wakeable();
  #running: Promise<void> | undefined;
  #stopping = false;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly pollMs = 1000,
  ) {}

  /** Before the start. */
  watch(watched: Watched): void {
    this.#watched.push(watched);
  }

  start(): void {
    this.#stopping = false;
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wakeable.wake();
    await this.#running;
    this.#running = undefined;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopping;)
      try {
        const found = await this.#look();
        for (const { collection, wake } of this.#watched) if (found.has(collection)) wake();
        failures = 0;
        await this.#wakeable.pause(this.pollMs);
      } catch (error) {
        if (failures++ % 30 === 0) this.log.warn({ err: error }, 'nobody can look for what is due at the moment; trying again');
        await this.#wakeable.pause(backoffMs(failures, { firstMs: 200, mostMs: 2000 }));
      }
  }

  async #look(): Promise<ReadonlySet<string>> {
    const [first, ...others] = this.#watched.map((one) => ({ coll: one.collection, pipeline: this.#pipelineFor(one) }));
    if (!first) return new Set();
    const all = [...first.pipeline, ...others.map((other) => ({ $unionWith: other }))];
    const found = await this.db.db.collection(first.coll).aggregate<{ of: string }>(all).toArray();
    return new Set(found.map(({ of }) => of));
  }

  #pipelineFor({ collection, aheadMs }: Watched): object[] {
    const now = this.clock.now();
    const free = claimable(now, new Date(now.getTime() + aheadMs));
    return [{ $match: free }, { $limit: 1 }, { $project: { _id: 0, of: { $literal: collection } } }];
  }
}
