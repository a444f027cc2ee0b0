import { serviceNames, services } from '@leasewire/contracts';
import type { Log } from '@leasewire/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import type { StreamReader } from './stream-reader.js';
import { StreamTail } from './tail.js';
import type { Waker } from './waker.js';

/** The ends of all streams, one tail for each service that publishes. */
export class StreamTails {
  readonly all: readonly StreamTail[];

  constructor(connection: NatsConnection, reader: StreamReader, waker: Waker, log: Log) {
    this.all = serviceNames
      .filter((name) => services[name].owns)
      .map((name) => {
        const tail = new StreamTail(connection, reader, name, log);
        tail.listen({
          event: ({ orgId }) => {
            waker.wake(orgId);
          },
          began: () => {
            waker.wakeAll();
          },
        });
        return tail;
      });
  }

  of(service: string): StreamTail {
    const tail = this.all.find((one) => one.service === service);
    if (!tail) throw new Error(`no stream of “${service}” is followed`);
    return tail;
  }

  start(): void {
    for (const tail of this.all) tail.start();
  }

  stop(): void {
    for (const tail of this.all) tail.stop();
  }
}
