import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Values by the value of the one label; without a label the key does not matter. */
type Look = () => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;

/** Name, help and label of the one gauge that several watch over. */
export const up = ['leasewire_up', 'Whether a server this service needs is there', 'dependency'] as const;

/** The Prometheus metrics of one process. The README lists them. Services add their own on `registry`. */
export class Metrics {
  readonly registry = new Registry();
  readonly rpcServed = this.#histogram('leasewire_rpc_server_seconds', 'Calls answered, from arrival to reply', [
    'method',
    'outcome',
  ]);
  readonly rpcInFlight = this.#gauge('leasewire_rpc_server_in_flight', 'Calls being answered', ['method']);
  readonly rpcCalled = this.#histogram('leasewire_rpc_client_seconds', 'Calls made to other services', ['method', 'outcome']);
  readonly eventsHandled = this.#histogram('leasewire_events_handled_seconds', 'Events handled', ['handler', 'outcome']);
  readonly eventLag = this.#histogram('leasewire_event_lag_seconds', 'From the moment of an event to the end of its handling', [
    'handler',
  ]);
  readonly eventsInFlight = this.#gauge('leasewire_events_in_flight', 'Events being handled', ['handler']);
  readonly deadLetters = this.#counter('leasewire_dead_letters_total', 'Events set aside for a person', ['handler']);
  readonly published = this.#counter('leasewire_events_published_total', 'Events that the relay put on the stream', [
    'duplicate',
  ]);
  readonly publishFailures = this.#counter('leasewire_publish_failures_total', 'Times the relay could not publish', []);
  readonly parked = this.#counter('leasewire_events_parked_total', 'Events that will not leave by themselves', []);
  readonly work = this.#histogram('leasewire_unit_of_work_seconds', 'Transactions, retries included', ['cause', 'outcome']);
  readonly workAttempts = this.#counter('leasewire_unit_of_work_retries_total', 'Runs of a transaction beyond the first', [
    'cause',
  ]);
  readonly dueLateness = this.#histogram('leasewire_due_lateness_seconds', 'From the moment something was due to its start', [
    'queue',
  ]);
  readonly dueGivenUp = this.#counter('leasewire_due_given_up_total', 'What was due and failed for the last time', ['queue']);
  readonly logLines = this.#counter('leasewire_log_lines_total', 'Lines logged', ['level']);

  constructor(service: string, options: { readonly ofProcess?: boolean } = {}) {
    this.registry.setDefaultLabels({ service });
    // its watchers live as long as the process, so tests that start many services in one leave it out
    if (options.ofProcess) collectDefaultMetrics({ register: this.registry });
  }

  /** A gauge that is looked up when someone scrapes. Several may share a name; what cannot be looked up is left out. */
  gauged(name: string, help: string, label: string | null, look: Look): void {
    const looks = this.#looks.get(name);
    if (looks) looks.push(look);
    else this.#looks.set(name, this.#newGauged(name, help, label, look));
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  readonly #looks = new Map<string, Look[]>();

  #newGauged(name: string, help: string, label: string | null, first: Look): Look[] {
    const looks = [first];
    const gauge: Gauge = new Gauge({
      ...{ name, help, labelNames: label === null ? [] : [label], registers: [this.registry] },
      collect: async () => {
        const found = await Promise.allSettled(looks.map(async (look) => look()));
        gauge.reset(); // an old value would look like a current one
        for (const result of found)
          if (result.status === 'fulfilled')
            for (const [value, count] of Object.entries(result.value)) gauge.set(label === null ? {} : { [label]: value }, count);
      },
    });
    return looks;
  }

  #histogram<L extends string>(name: string, help: string, labelNames: readonly L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets: seconds, registers: [this.registry] });
  }
  #gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}
