import { CONFIG, Logger, NATS } from '@leasewire/service-kit';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Provider } from '@nestjs/common';
import type { GatewayConfig } from '../gateway.config.js';
import { EventHandlers } from './events.handlers.js';
import { Feed } from './feed.js';
import { OpenStreams } from './open-streams.js';
import { StreamReader } from './stream-reader.js';
import { StreamTails } from './tails.js';
import { Waker } from './waker.js';

export const eventProviders: Provider[] = [
  { provide: Waker, useFactory: () => new Waker() },
  { provide: StreamReader, inject: [NATS], useFactory: (nats: NatsConnection) => new StreamReader(nats) },
  {
    provide: StreamTails,
    inject: [NATS, StreamReader, Waker, Logger],
    useFactory: (nats: NatsConnection, reader: StreamReader, waker: Waker, log: Logger) =>
      new StreamTails(nats, reader, waker, log),
  },
  {
    provide: Feed,
    inject: [StreamTails, StreamReader],
    useFactory: (tails: StreamTails, reader: StreamReader) => new Feed(tails.all, reader),
  },
  {
    provide: OpenStreams,
    inject: [CONFIG],
    useFactory: (config: GatewayConfig) =>
      new OpenStreams({
        perCredential: config.LEASEWIRE_STREAMS_PER_CREDENTIAL,
        perOrganization: config.LEASEWIRE_STREAMS_PER_ORGANIZATION,
      }),
  },
  EventHandlers,
];
