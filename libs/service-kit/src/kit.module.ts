import { Assertions, DeadLetters, RpcClient, TokenSigner, TokenVerifier } from '@leasewire/messaging';
import { Database, Effects, Jobs, Leases, Relay, SecretBox, UnitOfWork } from '@leasewire/persistence';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Background } from './background.js';
import { deadLetterRpcController } from './dead-letter.rpc.js';
import { Health } from './health.js';
import { jobRpcController } from './job.rpc.js';
import type { Kit } from './kit.js';
import { Logger } from './logger.js';
import { Metrics } from './metrics.js';
import { CLOCK, CONFIG, EVENT_BUS, IDS, NATS, SERVICE } from './tokens.js';

/** Everything of the kit, to be injected anywhere in a service. */
@Module({})
export class KitModule {
  static of(kit: Kit): DynamicModule {
    const { name } = kit.service;
    const providers = [...common(kit), ...(kit.database ? withDatabase(kit.database) : [])];
    const controllers = kit.database ? [jobRpcController(name), deadLetterRpcController(name)] : [];
    return { module: KitModule, global: true, providers, controllers, exports: providers };
  }
}

/** What a service runs in: the kit, and its own module. */
@Module({})
export class ServiceModule {
  static of(kit: Kit): DynamicModule {
    return { module: ServiceModule, imports: [KitModule.of(kit), kit.service.module] };
  }
}

function common(kit: Kit): Provider[] {
  return [
    { provide: SERVICE, useValue: kit.service },
    { provide: CONFIG, useValue: kit.config.all },
    { provide: CLOCK, useValue: kit.clock },
    { provide: IDS, useValue: kit.ids },
    { provide: NATS, useValue: kit.nats },
    { provide: EVENT_BUS, useValue: kit.bus },
    { provide: DeadLetters, useValue: kit.bus.deadLetters },
    { provide: Logger, useValue: kit.logger },
    { provide: Metrics, useValue: kit.metrics },
    { provide: Health, useValue: kit.health },
    { provide: RpcClient, useValue: kit.rpc },
    { provide: TokenSigner, useValue: kit.signer },
    { provide: TokenVerifier, useValue: kit.verifier },
    { provide: Assertions, useValue: kit.assertions },
    Background,
  ];
}

function withDatabase({ db, box, work, relay, leases, effects, jobs }: NonNullable<Kit['database']>): Provider[] {
  return [
    { provide: Database, useValue: db },
    { provide: SecretBox, useValue: box },
    { provide: UnitOfWork, useValue: work },
    { provide: Relay, useValue: relay },
    { provide: Leases, useValue: leases },
    { provide: Effects, useValue: effects },
    { provide: Jobs, useValue: jobs },
  ];
}
