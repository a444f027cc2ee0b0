import { Assertions, RpcClient, TokenVerifier, type Clock } from '@leasewire/messaging';
import { CLOCK, Logger, NATS } from '@leasewire/service-kit';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Provider } from '@nestjs/common';
import { StreamTails } from '../events/tails.js';
import { Authenticator } from './authenticator.js';
import { CallerCache } from './caller-cache.js';
import { Freshness } from './freshness.js';
import { IdentityWatch } from './identity-watch.js';

export const authProviders: Provider[] = [
  { provide: CallerCache, useFactory: () => new CallerCache() },
  { provide: Freshness, useFactory: () => new Freshness() },
  {
    provide: Authenticator,
    inject: [CallerCache, Freshness, TokenVerifier, RpcClient, Assertions, CLOCK],
    useFactory: (
      cache: CallerCache,
      freshness: Freshness,
      verifier: TokenVerifier,
      rpc: RpcClient,
      assertions: Assertions,
      clock: Clock,
    ) => new Authenticator(cache, freshness, verifier, rpc, assertions, clock),
  },
  {
    provide: IdentityWatch,
    inject: [NATS, StreamTails, CallerCache, Freshness, CLOCK, Logger],
    useFactory: (nats: NatsConnection, tails: StreamTails, cache: CallerCache, freshness: Freshness, clock: Clock, log: Logger) =>
      new IdentityWatch(nats, tails.of('identity'), cache, freshness, clock, log),
  },
];
