import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '@leasewire/contracts';
import type { Env } from '@leasewire/service-kit';
import { bundleOf } from './bundle.js';
import { Child, freePort, type ExitOf } from './child.js';
import { onCleanUp } from './cleanup.js';
import { repositoryRoot } from './repository-root.js';
import { suiteDeployment, type Deployment } from './suite.js';

/** A service as its own process, as `npm start` runs it: what `apps/<app>/dist/main.js` is, in one file. */
export class ServiceProcess {
  readonly #child: Child;

  constructor(
    readonly app: string,
    /** Of its HTTP interface, for the gateway. The same after a restart. */
    readonly url: string,
    /** Of /health and /metrics. */
    readonly opsUrl: string,
    private readonly env: Env,
    main: string,
  ) {
    this.#child = new Child({
      command: process.execPath,
      args: [main],
      env: { ...outside(), ...env },
      ready: () => this.untilReady(),
    });
  }

  get running(): boolean {
    return this.#child.running;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What it logged, the last 64 kB. */
  get logs(): string {
    return this.#child.output;
  }

  /** Starts it, or starts it again after it ended, on the same ports. */
  async start(): Promise<this> {
    await this.#child.start();
    return this;
  }

  stop(): Promise<ExitOf> {
    return this.#child.stop('SIGTERM');
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<ExitOf> {
    return this.#child.stop(signal);
  }

  /** Resolves when it ended by itself: at a fault point. */
  exited(): Promise<ExitOf> {
    return this.#child.exited();
  }

  pause(): Promise<void> {
    return this.#child.pause();
  }

  resume(): void {
    this.#child.resume();
  }

  async untilReady(): Promise<void> {
    while (this.#child.running) {
      const response = await fetch(`${this.opsUrl}/health/ready`).catch(() => undefined);
      await response?.arrayBuffer();
      if (response?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** A copy of it beside it: another replica. */
  environment(): Env {
    return this.env;
  }
}

export interface StartProcessOptions {
  /** Another than the suite's own. */
  readonly deployment?: Deployment;
  /** Do not wait until it is ready: it is to die, perhaps before. */
  readonly doomed?: boolean;
  /** The file to run instead of the app's dist/main.js. */
  readonly main?: string;
}

/** Starts a built app on the suite's deployment; `env` goes over what the deployment gives. It ends with the suite. */
export async function startProcess(app: ServiceName, env: Env = {}, options: StartProcessOptions = {}): Promise<ServiceProcess> {
  const main = options.main ?? join(repositoryRoot(), 'apps', app, 'dist', 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is not there; build it first: npm run build apps/${app}`);
  const file = options.main ?? (await bundleOf(main));
  const given = { ...(options.deployment ?? (await suiteDeployment())).environmentOf(app), ...env };
  // fixed, so that it is found at the same place after a restart
  const [port, opsPort] = [await portOf(given['LEASEWIRE_PORT']), await portOf(given['LEASEWIRE_HTTP_PORT'])];
  const all = { ...given, LEASEWIRE_PORT: port, LEASEWIRE_HTTP_PORT: opsPort };
  const service = new ServiceProcess(app, `http://127.0.0.1:${port}`, `http://127.0.0.1:${opsPort}`, all, file);
  onCleanUp(() => service.kill('SIGKILL'));
  if (!options.doomed) return service.start();
  service.start().catch(() => undefined); // it died before it was ready, as it may
  return service;
}

const portOf = async (wanted: string | undefined): Promise<string> =>
  wanted === undefined || wanted === '0' ? String(await freePort()) : wanted;

/** The environment of this process without anything of ours, so that a run does not depend on who starts it. */
function outside(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('LEASEWIRE_') && name !== 'NODE_OPTIONS'),
  );
}
