import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundled } from './bundle.mjs';
import { connectDemo } from './demo-properties.mjs';
import { loadDemo } from './demo.mjs';
import { fullDisk } from './disk.mjs';
import { removeEndpoints, writeEndpoints } from './endpoints.mjs';
import { LogFile, sizeOf } from './logs.mjs';
import { startMongo } from './mongo.mjs';
import { startNats } from './nats.mjs';
import { freePort, isFree, rememberedPorts } from './ports.mjs';
import { Problem } from './problem.mjs';
import { untilServiceReady } from './readiness.mjs';
import { stopOrder } from './servers.mjs';
import { startSimulators } from './simulators.mjs';
import { gateway, serviceEnvironment } from './services.mjs';
import { Supervisor } from './supervisor.mjs';
import { prepareTrust } from './trust.mjs';

/**
 * @typedef {import('./services.mjs').ServiceApp} ServiceApp
 * @typedef {{
 *   home: import('./home.mjs').Home,
 *   servers: import('./provision/provision.mjs').Servers,
 *   services: readonly ServiceApp[],
 *   allServices: readonly ServiceApp[],
 *   replicas: number,
 *   simulators: boolean,
 *   port: number,
 *   env: NodeJS.ProcessEnv,
 *   leash: import('./leash.mjs').Leash,
 *   report: import('./progress.mjs').Report,
 *   onLine(instance: string, line: string): void,
 *   signal?: AbortSignal,
 * }} StackOptions
 * @typedef {{ name: string, service: string, healthPort: number, publicPort: number | undefined, logFile: string, logFrom: number,
 *   server: import('./supervisor.mjs').Supervised }} RunningInstance
 */

/** One running Leasewire: the two servers, the services, and the file that tells others where they are. */
export class Stack {
  /** @type {RunningInstance[]} */
  #instances = [];
  /** @type {{ uri: string, server?: import('./supervisor.mjs').Supervised }} */
  #mongodb = { uri: '' };
  /** @type {{ url: string, server?: import('./supervisor.mjs').Supervised }} */
  #nats = { url: '' };
  /** @type {import('./trust.mjs').Trust | undefined} */
  #trust;
  /** @type {import('./demo.mjs').Demo} */
  #demo = { organization: null, signIns: [] };
  /** @type {import('./simulators.mjs').Simulators | undefined} */
  #simulators;
  #announced = false;
  #supervisor;
  #ports;

  /** @param {StackOptions} options */
  constructor(options) {
    this.options = options;
    this.#ports = rememberedPorts(options.home.ports);
    this.#supervisor = new Supervisor({ leash: options.leash, changed: (of, exit) => this.#onChange(of, exit) });
  }

  /** @returns {Promise<import('./endpoints.mjs').Endpoints>} */
  async start() {
    const { home, report, services, signal, env, leash } = this.options;
    this.#trust = await prepareTrust({ folder: home.trust, services: this.options.allServices.map(({ name }) => name), env });
    await report.step('MongoDB and NATS running', () => this.#startServers());
    if (this.options.simulators)
      await report.step('Simulated property-management systems running', () => this.#startSimulators());
    await report.step(`Services ready: ${services.map(({ name }) => name).join(', ')}`, async () => {
      for (const service of services)
        for (let number = 1; number <= this.options.replicas; number += 1) await this.#startService(service, number);
      await Promise.all(
        this.#instances.map((instance) => untilServiceReady(() => ({ ...instance, url: healthUrl(instance) }), signal)),
      );
    });
    this.#demo = await loadDemo({
      services,
      leash,
      report,
      environment: (service) => this.#environment(service, 0, undefined),
      signal,
    });
    await this.#connectDemo();
    signal?.throwIfAborted();
    this.#announced = true;
    return this.#announce();
  }

  async #startSimulators() {
    const { onLine, signal } = this.options;
    const started = await startSimulators({
      supervisor: this.#supervisor,
      port: this.#ports.get('simulators'),
      publicUrl: `http://127.0.0.1:${String(this.options.port)}`,
      onLine: (line) => onLine('simulators', line),
      signal,
    });
    if (!started) return;
    this.#ports.set('simulators', started.port);
    this.#simulators = started.about;
  }

  /** The first organization of the demo, as its owner would: what cannot be connected leaves the rest running. */
  async #connectDemo() {
    const { report, services, port, signal } = this.options;
    const [signIn] = this.#demo.signIns;
    const simulators = this.#simulators;
    const isThere = (/** @type {string} */ name) => services.some((service) => service.name === name);
    if (!signIn || !simulators || !isThere(gateway) || !isThere('directory') || !isThere('pms-sync')) return;
    try {
      await report.step('Demo properties connected', () =>
        connectDemo({ url: `http://127.0.0.1:${String(port)}`, signIn, simulators, signal }),
      );
    } catch (error) {
      signal?.throwIfAborted();
      report.warn(
        `Not all demo properties are connected; everything else runs, and the next npm start goes on. ${String(error)}`,
      );
    }
  }

  /** Services first, then NATS, then mongod. */
  async stop() {
    this.#announced = false;
    removeEndpoints(this.options.home.endpoints);
    await this.#supervisor.stop();
  }

  async #startServers() {
    const { home, servers, signal } = this.options;
    const supervisor = this.#supervisor;
    await Promise.all([
      (async () => {
        if ('url' in servers.mongod) this.#mongodb = { uri: servers.mongod.url };
        else {
          const logFile = join(home.logs, 'mongod.log');
          const started = await startMongo({
            supervisor,
            binary: servers.mongod.path,
            dir: home.mongodb,
            logFile,
            port: this.#ports.get('mongodb'),
            signal,
          });
          this.#ports.set('mongodb', started.port);
          this.#mongodb = started;
        }
      })(),
      (async () => {
        if ('url' in servers.natsServer) this.#nats = { url: servers.natsServer.url };
        else {
          const logFile = join(home.logs, 'nats-server.log');
          const config = this.#readyTrust().natsConfig;
          const started = await startNats({
            supervisor,
            binary: servers.natsServer.path,
            dir: home.nats,
            logFile,
            config,
            port: this.#ports.get('nats'),
            signal,
          });
          this.#ports.set('nats', started.port);
          this.#nats = started;
        }
      })(),
    ]);
  }

  /**
   * @param {ServiceApp} service
   * @param {number} number 1 is the first replica
   */
  async #startService(service, number) {
    const { home, onLine } = this.options;
    const name = number === 1 ? service.name : `${service.name}-${String(number)}`;
    const logFile = join(home.logs, `${name}.log`);
    const log = new LogFile(logFile);
    const prepare = async () => {
      if (!(await isFree(instance.healthPort))) instance.healthPort = await freePort();
      this.#ports.set(name, instance.healthPort);
      const env = this.#environment(service.name, instance.healthPort, instance.publicPort);
      return { command: process.execPath, args: [await fileOf(service)], env, cwd: service.folder };
    };
    const onOutput = (/** @type {string} */ line) => {
      log.write(line);
      onLine(name, line);
    };
    /** @type {RunningInstance} */
    const instance = {
      name,
      service: service.name,
      logFile,
      logFrom: sizeOf(logFile),
      healthPort: await freePort(this.#ports.get(name)),
      publicPort: service.name === gateway ? await this.#publicPortOf(name) : undefined,
      server: this.#supervisor.add({ name, order: stopOrder.services, prepare, output: { onLine: onOutput } }),
    };
    this.#instances.push(instance);
    await instance.server.start();
  }

  /**
   * The first gateway has the port that was asked for; its replicas any free one.
   * @param {string} name
   */
  async #publicPortOf(name) {
    if (name === gateway) return this.options.port;
    const port = await freePort(this.#ports.get(`${name} public`));
    this.#ports.set(`${name} public`, port);
    return port;
  }

  /**
   * @param {string} service
   * @param {number} healthPort
   * @param {number | undefined} publicPort
   */
  #environment(service, healthPort, publicPort) {
    const { home, env, port } = this.options;
    const publicUrl = `http://127.0.0.1:${String(port)}`;
    return serviceEnvironment({
      ...{ service, healthPort, publicPort, publicUrl, home, env },
      ...{ mongodbUri: this.#mongodb.uri, natsUrl: this.#nats.url, trust: this.#readyTrust() },
      simulators: this.#simulators,
    });
  }

  #readyTrust() {
    if (!this.#trust) throw new Problem('The keys of the services were not made yet.');
    return this.#trust;
  }

  /** @returns {import('./endpoints.mjs').Endpoints} */
  #announce() {
    const { home } = this.options;
    /** @type {import('./endpoints.mjs').Endpoints['services']} */
    const services = {};
    for (const instance of this.#instances) {
      const entry = { name: instance.name, url: healthUrl(instance), pid: instance.server.pid ?? null };
      const known = services[instance.service];
      if (known) known.instances.push(entry);
      else services[instance.service] = { url: entry.url, pid: entry.pid, instances: [entry] };
    }
    const urls = this.#instances
      .filter(({ publicPort }) => publicPort !== undefined)
      .map(({ publicPort }) => `http://127.0.0.1:${String(publicPort)}`);
    const endpoints = {
      pid: process.pid,
      home: home.dir,
      gateway: urls[0] === undefined ? null : { url: urls[0], urls },
      services,
      mongodb: { uri: this.#mongodb.uri, pid: this.#mongodb.server?.pid ?? null, external: !this.#mongodb.server },
      nats: { url: this.#nats.url, pid: this.#nats.server?.pid ?? null, external: !this.#nats.server, trust: home.trust },
      ...(this.#simulators && { simulators: this.#simulators }),
      ...this.#demo,
    };
    if (this.#announced) writeEndpoints(home.endpoints, endpoints);
    return endpoints;
  }

  /**
   * @param {import('./supervisor.mjs').Supervised} of
   * @param {(import('./supervisor.mjs').Exit & { againInMs: number }) | undefined} exit
   */
  #onChange(of, exit) {
    if (exit) {
      const full = fullDisk(this.options.home.dir);
      if (full) this.options.report.warn(full);
      const how = exit.signal ? `was killed (${exit.signal})` : `ended with code ${String(exit.code)}`;
      this.options.report.warn(
        `${of.name} ${how} after ${(exit.livedMs / 1000).toFixed(1)} s; starting it again in ${String(exit.againInMs / 1000)} s`,
      );
    } else if (of.exits.length > 0) this.options.report.line(`  ${of.name} was started again (pid ${String(of.pid)})`);
    if (this.#announced) this.#announce();
  }
}

/** @param {{ healthPort: number }} instance */
const healthUrl = ({ healthPort }) => `http://127.0.0.1:${String(healthPort)}`;

/**
 * Its bundle; made anew when somebody built in the meantime and the one that it was started from is gone.
 * @param {ServiceApp} service
 */
async function fileOf({ main, entry }) {
  if (entry === undefined || existsSync(main)) return main;
  const [file = entry] = await bundled([entry]);
  return file;
}
