import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real nats-server of a suite's own: it starts in 50 ms, so suites never share one. */
export class NatsServer {
  #process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private config: string,
  ) {}

  static async start(config?: (about: { port: number; storeDir: string }) => string): Promise<NatsServer> {
    const port = await freePort();
    const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'leasewire-nats-'));
    const storeDir = join(folder, 'store');
    const server = new NatsServer(port, folder, (config ?? plain)({ port, storeDir }));
    await server.up();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get running(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  async up(): Promise<void> {
    const file = join(this.folder, 'nats.conf');
    writeFileSync(file, this.config);
    const child = spawn(binary(), ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
    this.#process = child;
    for (let tries = 0; tries < 500; tries++) {
      if (child.exitCode !== null) throw new Error(`nats-server stopped at once:\n${said}`);
      if (await answers(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`nats-server does not listen on ${this.port}:\n${said}`);
  }

  async down(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** What was stored is gone, as after a lost disk. */
  wipe(): void {
    rmSync(join(this.folder, 'store'), { recursive: true, force: true });
  }

  reconfigure(config: string): void {
    this.config = config;
  }

  async stop(): Promise<void> {
    await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const plain = ({ port, storeDir }: { port: number; storeDir: string }): string =>
  `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${storeDir}" }\n`;

function binary(): string {
  const folders = [
    process.env['LEASEWIRE_TEST_BIN_DIR'],
    join(homedir(), '.cache/leasewire/bin'),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  const found = folders.map((folder) => join(folder ?? '', 'nats-server')).find((path) => existsSync(path));
  if (found === undefined)
    throw new Error('There is no nats-server: set LEASEWIRE_TEST_BIN_DIR, or run npm test, which fetches one.');
  return found;
}

/**
 * Below the range from which the system gives out ports by itself: while the server is down, a connection of another
 * suite must not come to sit on its port.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (ok: boolean) => {
      socket.destroy();
      resolve(ok);
    };
    socket
      .once('data', () => done(true))
      .once('error', () => done(false))
      .once('close', () => done(false));
  });
}
