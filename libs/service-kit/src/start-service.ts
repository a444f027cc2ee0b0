import { ConnectionState, JetStreamServer, RpcServer } from '@leasewire/messaging';
import type { Token } from './tokens.js';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Background } from './background.js';
import type { BootstrapOptions, RunningService, ServiceDefinition } from './definition.js';
import { processEnv } from './config.js';
import { connect, ground, type Ground, type Kit } from './kit.js';
import { ServiceModule } from './kit.module.js';
import { NestLogger } from './nest-logger.js';
import { rpcObserver } from './observers.js';
import { OpsServer, urlOf } from './ops-server.js';
import { obeySignals } from './process-life.js';
import { loadServiceConfig } from './service-config.js';
import { Shutdown } from './shutdown.js';
import { timed } from './timed-event-bus.js';

/** From nothing to ready. Whatever was opened is closed again when it fails on the way. */
export async function startService(service: ServiceDefinition, options: BootstrapOptions): Promise<RunningService> {
  const startedAt = performance.now();
  const asProcess = options.process !== false;
  const config = loadServiceConfig(service, options.env ?? processEnv());
  const on = ground(service, config, options);
  const ops = await OpsServer.open(
    { host: config.base.LEASEWIRE_HTTP_HOST, port: config.base.LEASEWIRE_HTTP_PORT },
    on.health,
    on.metrics,
  );
  const opened: Opened = { ops };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeInOrder(on, opened));
  if (asProcess) obeySignals(on.logger, close);
  try {
    await open(on, opened);
  } catch (error) {
    await close();
    throw error;
  }
  const { app } = opened;
  if (!app || closing) throw new Error(`${service.name} was stopped before it was ready`);
  on.health.ready();
  const bootMs = Math.round(performance.now() - startedAt);
  on.logger.info({ opsUrl: ops.url, ...(opened.url && { url: opened.url }), bootMs }, 'ready');
  return { name: service.name, url: opened.url, opsUrl: ops.url, get: <T>(token: Token<T>): T => app.get<T>(token), close };
}

/** What there is to close, in the order in which it came to be. */
interface Opened {
  readonly ops: OpsServer;
  kit?: Kit;
  app?: NestFastifyApplication;
  rpc?: RpcServer;
  events?: JetStreamServer;
  url?: string;
}

async function open(on: Ground, opened: Opened): Promise<void> {
  const { health, service } = on;
  const kit = (opened.kit = await connect(on));
  health.starting('building its module');
  const app = (opened.app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule.of(kit),
    service.http?.adapter?.() ?? new FastifyAdapter(),
    {
      logger: new NestLogger(on.logger),
      bodyParser: false,
      abortOnError: false,
    },
  ));
  inBackground(app.get(Background), kit);
  await service.http?.setup?.(app);
  await app.init();
  health.starting('listening on NATS');
  if (kit.database) await kit.bus.ensureStream(service.name);
  await listenOnNats(on, kit, app, opened);
  await app.get(Background).start();
  if (kit.config.http) opened.url = await listen(app, kit.config.http);
}

async function listenOnNats(
  on: Ground,
  { nats, bus, assertions }: Kit,
  app: NestFastifyApplication,
  opened: Opened,
): Promise<void> {
  const common = { service: on.service.name, log: on.logger, closeDeadlineMs: on.config.base.LEASEWIRE_SHUTDOWN_MS };
  opened.rpc = new RpcServer({
    ...common,
    connection: nats,
    assertions,
    observer: rpcObserver(on.metrics),
    checkOutputs: on.strict,
  });
  opened.events = new JetStreamServer({ ...common, bus: timed(bus, on.metrics, on.clock) });
  for (const strategy of [opened.rpc, opened.events]) app.connectMicroservice({ strategy }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await nats.flush(); // the server has heard of every subscription before anyone is told that we are ready
}

function inBackground(background: Background, { database }: Kit): void {
  if (!database) return;
  background.add('relay', database.relay);
  background.add('effects', database.effects);
  background.add('jobs', database.jobs.runner);
}

async function listen(app: NestFastifyApplication, at: { LEASEWIRE_HOST: string; LEASEWIRE_PORT: number }): Promise<string> {
  await app.listen(at.LEASEWIRE_PORT, at.LEASEWIRE_HOST);
  return urlOf(app.getHttpServer().address());
}

/** Research B.3: nothing new is begun, what was begun ends, and only then its tools are put away. */
async function closeInOrder(on: Ground, { ops, kit, app, rpc, events }: Opened): Promise<void> {
  on.health.stopping();
  const shutdown = new Shutdown(on.logger, on.config.base.LEASEWIRE_SHUTDOWN_MS);
  if (app) {
    await shutdown.step('background work', () => app.get(Background).stop());
    await shutdown.step('HTTP', async () => {
      await on.service.http?.beforeClose?.(app);
      await closeHttp(app);
    });
    app.getHttpServer().closeAllConnections(); // whoever is still there has been waited for
  }
  // Both stop taking at once, so that other replicas get what is new, and then finish what they are at.
  await shutdown.step('event handlers and calls', () => Promise.all([events?.close(), rpc?.close()]));
  if (app) await shutdown.step('the module', () => app.close());
  if (kit) {
    await shutdown.step('NATS', () => leave(kit));
    await shutdown.step('the database', () => kit.database?.db.close());
  }
  await ops.close();
  on.logger.info({}, 'stopped');
}

/** A connection that carries the last answer is kept open by its client, and the server would wait for it. */
async function closeHttp(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, 50);
  try {
    await app.getHttpAdapter().close();
  } finally {
    clearInterval(sweep);
  }
}

/** What is still to be sent is sent; a broker that is away is not waited for. */
function leave({ nats, logger }: Kit): Promise<void> {
  return ConnectionState.of(nats, logger).connected ? nats.drain() : nats.close();
}
