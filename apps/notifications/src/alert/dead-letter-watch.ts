import { deadLetterRpcs, services, type DeadLetter, type DeadLetterPage } from '@leasewire/contracts';
import { Assertions, RpcClient, type Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { Background, IDS, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AlertService } from './alert.service.js';
import { alertsAbout } from './dead-letter.rules.js';

const everyMs = 60_000;
const pageSize = 200;
const watched = Object.entries(services).flatMap(([name, { owns }]) => (owns ? [{ name, rpcs: deadLetterRpcs(name) }] : []));

/**
 * Asks each service what its handlers have set aside. Asked, not told: a service whose handlers fail may not be able to tell, and an
 * event about it would be one more to fail on. Each replica asks; what was told is not told again.
 */
@Injectable()
export class DeadLetterWatch {
  /** The last letter seen of each service; after a restart all that wait are looked at again. */
  readonly #seen = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    private readonly work: UnitOfWork,
    private readonly alerts: AlertService,
    private readonly log: Logger,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.add('dead letters', {
      start: () => {
        this.#timer = setInterval(() => {
          this.#looking = this.look();
        }, everyMs).unref();
      },
      stop: async () => {
        clearInterval(this.#timer);
        await this.#looking;
      },
    });
  }

  /** A service that is away is asked again in a minute. */
  async look(): Promise<void> {
    await Promise.all(
      watched.map(({ name, rpcs }) =>
        this.#lookAt(name, rpcs.list).catch((error: unknown) => {
          this.log.debug({ err: error, service: name }, 'its dead letters could not be looked at');
        }),
      ),
    );
  }

  async #lookAt(service: string, list: (typeof watched)[number]['rpcs']['list']): Promise<void> {
    const found: DeadLetter[] = [];
    let after: number | null = this.#seen.get(service) ?? 0;
    while (after !== null) {
      const via = { assertion: this.assertions.forService(null), correlationId: this.ids.next('cor'), timeoutMs: 5_000 };
      const page: DeadLetterPage = await this.rpc.call(list, { after, limit: pageSize }, via);
      found.push(...page.items);
      after = page.nextAfter;
    }
    for (const { orgId, raised } of alertsAbout(service, found))
      await this.work.run(systemCause('notifications', orgId, this.ids), (tx) => this.alerts.raise(tx, raised));
    this.#seen.set(service, Math.max(this.#seen.get(service) ?? 0, ...found.map(({ seq }) => seq)));
  }
}
