import { newId, type Clock } from '@leasewire/messaging';
import { CLOCK, CONFIG, Logger, NATS } from '@leasewire/service-kit';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Provider } from '@nestjs/common';
import type { GatewayConfig } from '../gateway.config.js';
import { Counters } from './counters.js';
import { Gossiper } from './gossip.js';
import { Limiter } from './limiter.js';
import { policies } from './policy.js';

export const rateLimitProviders: Provider[] = [
  {
    provide: Limiter,
    inject: [CONFIG, CLOCK],
    useFactory: (config: GatewayConfig, clock: Clock) =>
      new Limiter(
        new Counters(),
        policies({
          credential: config.LEASEWIRE_RATE_LIMIT_CREDENTIAL,
          organization: config.LEASEWIRE_RATE_LIMIT_ORGANIZATION,
          address: config.LEASEWIRE_RATE_LIMIT_ADDRESS,
          'sign-in': config.LEASEWIRE_RATE_LIMIT_SIGN_IN,
          refused: config.LEASEWIRE_RATE_LIMIT_REFUSED,
        }),
        clock,
      ),
  },
  {
    provide: Gossiper,
    inject: [NATS, Limiter, CLOCK, Logger],
    useFactory: (nats: NatsConnection, limiter: Limiter, clock: Clock, log: Logger) =>
      new Gossiper(nats, limiter.counters, newId('replica'), limiter.windowSecondsOf, clock, log),
  },
];
