import {
  Assertions,
  ConnectionState,
  connectNats,
  NatsEventBus,
  systemClock,
  systemIds,
  TokenSigner,
  TokenVerifier,
  type Clock,
  type Ids,
  type RpcClient,
} from '@leasewire/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectDatabase, databaseKit, type DatabaseKit } from './database-kit.js';
import type { BootstrapOptions, ServiceDefinition } from './definition.js';
import { Health } from './health.js';
import { Logger } from './logger.js';
import { MeteredRpcClient } from './metered-rpc-client.js';
import { Metrics, up } from './metrics.js';
import { eventObserver } from './observers.js';
import type { ServiceConfig } from './service-config.js';

/** What there is before anything is connected. */
export interface Ground {
  readonly service: ServiceDefinition;
  readonly config: ServiceConfig;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly ids: Ids;
  /** In tests: what is read and answered is compared with its schema. */
  readonly strict: boolean;
}

/** Everything that the parts of a service share. */
export interface Kit extends Ground {
  readonly nats: NatsConnection;
  readonly bus: NatsEventBus;
  readonly rpc: RpcClient;
  readonly signer: TokenSigner;
  readonly verifier: TokenVerifier;
  readonly assertions: Assertions;
  readonly database: DatabaseKit | undefined;
}

export function ground(service: ServiceDefinition, config: ServiceConfig, options: BootstrapOptions): Ground {
  const asProcess = options.process !== false;
  const metrics = new Metrics(service.name, { ofProcess: asProcess });
  const logger = Logger.create({
    service: service.name,
    level: config.base.LEASEWIRE_LOG_LEVEL,
    format: config.base.LEASEWIRE_LOG_FORMAT,
    hidden: config.secrets,
    onLine: (level) => {
      metrics.logLines.inc({ level });
    },
    ...(options.logTo && { destination: options.logTo }),
  });
  for (const warning of config.warnings) logger.warn({}, warning);
  const { clock = systemClock, ids = systemIds } = options;
  return { service, config, logger, metrics, health: new Health(), clock, ids, strict: !asProcess };
}

/** Waits for the servers it needs, for ever unless told otherwise, and says in the log and in /health what it waits for. */
export async function connect(on: Ground, options: { giveUpAfterMs?: number } = {}): Promise<Kit> {
  const { service, config, logger, clock } = on;
  on.health.starting('waiting for NATS and the database');
  const [nats, db] = await bothOrNeither(
    connectNats(natsSettings(on), logger, options),
    config.database && connectDatabase(on, config.database, options),
  );
  watchNats(on, nats);
  const bus = new NatsEventBus({
    connection: nats,
    service: service.name,
    log: logger,
    observer: eventObserver(on.metrics),
    ackWaitMs: config.base.LEASEWIRE_EVENT_ACK_WAIT_MS,
    replicas: config.base.LEASEWIRE_STREAM_REPLICAS,
    streamMaxBytes: config.base.LEASEWIRE_STREAM_MAX_MB * 1024 * 1024,
  });
  on.metrics.gauged('leasewire_dead_letters_waiting', 'Events set aside that wait for a person', 'handler', () =>
    bus.deadLetters.counts(),
  );
  on.health.starting('bringing the database up to date');
  const database = db && config.database ? await databaseKit(on, config.database, db, { nats, publisher: bus }) : undefined;
  const signer = new TokenSigner(service.name, config.base.LEASEWIRE_NKEY_SEED, clock);
  const verifier = new TokenVerifier(config.base.LEASEWIRE_TRUSTED_KEYS, clock);
  const assertions = new Assertions(service.name, signer, verifier, clock);
  const rpc = new MeteredRpcClient(nats, logger, on.metrics, service.http !== undefined);
  return { ...on, nats, bus, database, signer, verifier, assertions, rpc };
}

/** When one is refused, the other is closed again. */
async function bothOrNeither<D extends { close(): Promise<void> }>(
  nats: Promise<NatsConnection>,
  database: Promise<D> | undefined,
): Promise<[NatsConnection, D | undefined]> {
  try {
    return await Promise.all([nats, database]);
  } catch (error) {
    void nats.then((connection) => connection.close()).catch(() => undefined);
    void database?.then((db) => db.close()).catch(() => undefined);
    throw error;
  }
}

function watchNats({ health, metrics, logger }: Ground, nats: NatsConnection): void {
  const state = ConnectionState.of(nats, logger);
  health.add('nats', () => {
    if (!state.connected) throw new Error('NATS is away; reconnecting');
  });
  metrics.gauged(...up, () => ({ nats: state.connected ? 1 : 0 }));
}

function natsSettings({ service, config }: Ground): Parameters<typeof connectNats>[0] {
  const { LEASEWIRE_NATS_TLS_CA: ca, LEASEWIRE_NATS_TLS_CERT: cert, LEASEWIRE_NATS_TLS_KEY: key } = config.base;
  const tls = { ...(ca && { caFile: ca }), ...(cert && { certFile: cert }), ...(key && { keyFile: key }) };
  return {
    url: config.base.LEASEWIRE_NATS_URL,
    service: service.name,
    seed: config.base.LEASEWIRE_NKEY_SEED,
    ...(Object.keys(tls).length > 0 && { tls }),
  };
}
