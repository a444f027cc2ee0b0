import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { unwatch, watch } from './test-run.js';

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Resolves when the process answers; polled against the process having died. */
  readonly ready: (child: Child) => Promise<void>;
  /** Standard output and error go nowhere but to this. */
  readonly onOutput?: (text: string) => void;
}

/** A process of ours that can be stopped, paused and started again, and never outlives the test run. */
export class Child {
  #process: ChildProcess | undefined;
  #exit: Promise<ExitOf> | undefined;
  /** The last of what it said, for failures. */
  output = '';

  constructor(private readonly options: ChildOptions) {}

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined || !this.running) throw new Error(`${this.options.command} is not running`);
    return pid;
  }

  get running(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  async start(): Promise<this> {
    if (this.running) return this;
    const { command, args, env, ready } = this.options;
    const child = spawn(command, args, { env: env ?? process.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    this.#exit = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, error }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const { pid } = child;
    if (pid !== undefined) this.#handOver(pid, child);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-64_000);
        this.options.onOutput?.(text);
      });
    const died = this.#exit.then((exit) => {
      throw new Error(
        `${command} ended (${exit.error?.message ?? exit.signal ?? exit.code}) before it was ready:\n${this.output}`,
      );
    });
    await Promise.race([ready(this), died]);
    return this;
  }

  /** Where the run is over already, nothing may be started any more. */
  #handOver(pid: number, child: ChildProcess): void {
    try {
      watch(pid);
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error('The test run is over; nothing is started any more.', { cause: error });
    }
    child.once('exit', () => {
      try {
        unwatch(pid);
      } catch {
        // the run ended before it; then nobody will mistake another process for it either
      }
    });
  }

  /** Resolves when it has ended. A paused process is woken first, or it would never hear the signal. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', giveUpMs = 30_000): Promise<ExitOf> {
    // this one: half a minute later another may run in its place
    const process = this.#process;
    if (!process || !this.#exit) return { code: null, signal: null };
    if (this.running) {
      process.kill(signal);
      if (signal !== 'SIGKILL') process.kill('SIGCONT');
    }
    const late = sleep(giveUpMs, undefined, { ref: false }).then(() => {
      process.kill('SIGKILL');
      throw new Error(`${this.options.command} did not end within ${giveUpMs} ms of ${signal}:\n${this.output}`);
    });
    return Promise.race([this.#exit, late]);
  }

  exited(): Promise<ExitOf> {
    return this.#exit ?? Promise.resolve({ code: null, signal: null });
  }

  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Alive but silent: connections stay open and nothing answers. Resolves when every thread stands still. */
  async pause(): Promise<void> {
    this.signal('SIGSTOP');
    while (this.running && !isStopped(this.pid)) await sleep(1);
  }

  resume(): void {
    this.signal('SIGCONT');
  }
}

/** Where there is no /proc, the signal has to be trusted. */
function isStopped(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).every((task) =>
      /^State:\s+[TtZX]/m.test(readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8')),
    );
  } catch {
    return true;
  }
}

export interface ExitOf {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** A port that was free a moment ago, below the range from which the system gives out ports by itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Waits until something listens there, as long as `alive` says that it still may. */
export async function answers(port: number, alive: () => boolean = () => true): Promise<void> {
  while (alive() && !(await canConnect(port))) await sleep(10);
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
