import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Jest runs CommonJS and cannot import the .mjs files of this folder, so everything is tested from outside, as a process. */
export const devFolder = resolve(__dirname, '..');
const fixture = join(__dirname, 'fixture');

export interface Endpoints {
  pid: number;
  home: string;
  gateway: { url: string; urls: string[] } | null;
  services: Record<string, { url: string; pid: number | null; instances: { name: string; url: string; pid: number | null }[] }>;
  mongodb: { uri: string; pid: number | null; external: boolean };
  nats: { url: string; pid: number | null; external: boolean; trust: string };
  signIns: { role: string; email: string; password: string }[];
}

/** Waits for a condition, looking often. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error(`within ${String(withinMs)} ms it never came true: ${what}`);
    await delay(15);
  }
}

/** Signal 0 asks whether a process exists. One that waits to be buried by its parent counts as gone. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** A command of tools/dev, running. */
export class Running {
  output = '';
  readonly ended: Promise<{ code: number | null; output: string }>;

  constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((done) => child.once('close', (code) => done({ code, output: this.output })));
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('it was not started');
    return this.child.pid;
  }

  async says(text: string | RegExp, withinMs?: number): Promise<void> {
    const seen = () => (typeof text === 'string' ? this.output.includes(text) : text.test(this.output));
    await until(`says ${String(text)}; it said:\n${this.output}`, seen, withinMs).catch(() => {
      throw new Error(`it never said ${String(text)}, but:\n${this.output}`);
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<{ code: number | null; output: string }> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** A folder of its own, fake services, and addresses where something listens in place of MongoDB and NATS. */
export class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), 'leasewire-dev-'));
  readonly home = join(this.folder, 'home');
  readonly #running: Running[] = [];
  readonly #listeners: Server[] = [];
  #env: NodeJS.ProcessEnv = {};

  static async make(options: { servers?: boolean } = {}): Promise<Scene> {
    const scene = new Scene();
    scene.#env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LEASEWIRE_CACHE: process.env.LEASEWIRE_TEST_BIN_DIR ?? process.env.LEASEWIRE_CACHE,
      LEASEWIRE_HOME: scene.home,
      LEASEWIRE_PORT: '0',
      LEASEWIRE_DEV_APPS: join(fixture, 'apps'),
      LEASEWIRE_DEV_TRUST: join(fixture, 'fake-trust.mjs'),
    };
    if (!options.servers) {
      scene.#env.LEASEWIRE_MONGODB_URI = `mongodb://127.0.0.1:${String(await scene.listen())}`;
      scene.#env.LEASEWIRE_NATS_URL = `nats://127.0.0.1:${String(await scene.listen())}`;
    }
    return scene;
  }

  /** A port where something listens. */
  async listen(): Promise<number> {
    const server = createServer((socket) => socket.destroy());
    this.#listeners.push(server);
    await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
    const address: AddressInfo | string | null = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    const running = new Running(
      spawn(process.execPath, args, { env: { ...this.#env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], cwd: this.folder }),
    );
    this.#running.push(running);
    return running;
  }

  start(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Running {
    return this.run([join(devFolder, 'start.mjs'), ...args], env);
  }

  async ready(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Running> {
    const running = this.start(args, env);
    await running.says(/^Leasewire is ready/m, 20_000);
    return running;
  }

  get hasEndpoints(): boolean {
    return existsSync(join(this.home, 'endpoints.json'));
  }

  get endpoints(): Endpoints {
    return JSON.parse(readFileSync(join(this.home, 'endpoints.json'), 'utf8')) as Endpoints;
  }

  /** Every process that belongs to the home of this scene. */
  get pids(): number[] {
    const { services, mongodb, nats } = this.endpoints;
    const all = [...Object.values(services).flatMap(({ instances }) => instances), mongodb, nats].map(({ pid }) => pid);
    return all.filter((pid) => pid !== null);
  }

  async close(): Promise<void> {
    for (const running of this.#running)
      if (running.child.exitCode === null && running.child.signalCode === null) await running.stop('SIGTERM');
    for (const server of this.#listeners) server.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
