import type { Clock, Ids } from '@leasewire/messaging';
import {
  Database,
  DueClaimer,
  DueLookout,
  UnitOfWork,
  type DueDoc,
  type DueHandling,
  type DueOptions,
} from '@leasewire/persistence';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { ServiceDefinition } from './definition.js';
import { Logger } from './logger.js';
import { Metrics } from './metrics.js';
import { CLOCK, IDS, SERVICE } from './tokens.js';

/** Something that works by itself while the service is up: claimers, effects, jobs, heartbeats. */
export interface Worker {
  start(): void | Promise<void>;
  /** Resolves when nothing of it runs any more. */
  stop(): void | Promise<void>;
}

/**
 * What runs in the background, registered while the module is built. It is started when everything it needs is there and
 * stopped first at shutdown; in commands it never starts.
 */
@Injectable()
export class Background {
  readonly #workers: { readonly name: string; readonly worker: Worker }[] = [];
  #started = false;
  #lookout: DueLookout | undefined;

  constructor(
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(SERVICE) private readonly service: ServiceDefinition,
    // not in a service without a database
    @Optional() private readonly work?: UnitOfWork,
    @Optional() private readonly db?: Database,
  ) {}

  add(name: string, worker: Worker): void {
    if (this.#started)
      throw new Error(`The worker “${name}” was added after the start; add it in a constructor or in onModuleInit`);
    this.#workers.push({ name, worker });
  }

  /** A claimer of due documents with everything of the kit filled in. `name` is its label in the metrics. */
  claimer<D extends DueDoc>(name: string, options: DueOptions<D> & DueHandling<D>): DueClaimer<D> {
    const { work, db, clock, ids, service } = this;
    if (!work || !db) throw new Error(`The claimer “${name}” needs a database, and the service has none`);
    const observer = {
      onLateness: (ms: number) => {
        this.metrics.dueLateness.observe({ queue: name }, ms / 1000);
      },
      onGaveUp: () => {
        this.metrics.dueGivenUp.inc({ queue: name });
      },
    };
    const lookout = this.#lookoutOver(db);
    const settings = { ...options, service: service.name, work, clock, ids, log: this.logger, observer, lookout };
    const claimer = new DueClaimer<D>(settings);
    this.add(name, claimer);
    return claimer;
  }

  /** One for all claimers, for all have the same database. */
  #lookoutOver(db: Database): DueLookout {
    if (!this.#lookout) {
      this.#lookout = new DueLookout(db, this.clock, this.logger);
      this.add('due-lookout', this.#lookout);
    }
    return this.#lookout;
  }

  async start(): Promise<void> {
    this.#started = true;
    for (const { worker } of this.#workers) await worker.start();
  }

  /** All at once; one that does not stop well keeps no other from it. */
  async stop(): Promise<void> {
    await Promise.all(
      this.#workers.map(async ({ name, worker }) => {
        try {
          await worker.stop();
        } catch (error) {
          this.logger.error({ err: error, worker: name }, 'a worker did not stop well');
        }
      }),
    );
  }
}
