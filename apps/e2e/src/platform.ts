import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServiceName } from '@leasewire/contracts';
import {
  bundleOf,
  repositoryRoot,
  startProcess,
  startStack,
  type ServiceProcess,
  type Stack,
  type StackOptions,
} from '@leasewire/testing';
import { Api } from './api.js';

const run = promisify(execFile);

export interface SignIn {
  readonly organization: string;
  readonly role: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Of each service, where a test does not say: what works with two works with one, and `npm start` shows that. */
const usualReplicas = Number(process.env['LEASEWIRE_E2E_REPLICAS'] ?? 2);

/** The whole platform as processes, seeded as `npm start` seeds it. */
export class Platform {
  readonly #replaced = new Map<ServiceProcess, ServiceProcess>();

  private constructor(
    readonly stack: Stack,
    readonly signIns: readonly SignIn[],
  ) {}

  static async start(options: StackOptions = {}): Promise<Platform> {
    const env = { LEASEWIRE_LOG_LEVEL: 'info', ...manyCalls, ...options.env };
    const stack = await startStack({ replicas: usualReplicas, ...options, env });
    const seed = await bundleOf(join(repositoryRoot(), 'apps/identity/dist/seed.js'));
    const seedEnv = { ...process.env, ...stack.deployment.environmentOf('identity'), LEASEWIRE_LOG_LEVEL: 'warn' };
    const { stdout } = await run(process.execPath, [seed], { env: seedEnv });
    const seeded = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { signIns: SignIn[] };
    return new Platform(stack, seeded.signIns);
  }

  get url(): string {
    return this.stack.url;
  }

  signInOf(role: string, organization?: string): SignIn {
    const found = this.signIns.find(
      (one) => one.role === role && (organization === undefined || one.organization === organization),
    );
    if (!found) throw new Error(`nobody is ${role} of ${organization ?? 'any organization'}: ${JSON.stringify(this.signIns)}`);
    return found;
  }

  as(role: string, organization?: string): Promise<Api> {
    return Api.signIn(this.url, this.signInOf(role, organization));
  }

  /** The processes as they are now, replaced ones included. */
  processes(service?: ServiceName): ServiceProcess[] {
    return this.stack.processes.map((one) => this.#latest(one)).filter(({ app }) => service === undefined || app === service);
  }

  /** Ends a process as a power cut would, and starts it again with this environment on top, as a supervisor would. */
  async replace(victim: ServiceProcess, env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    await victim.kill('SIGKILL');
    const environment = { ...victim.environment(), LEASEWIRE_FAULT: '', ...env };
    const heir = await startProcess(victim.app as ServiceName, environment, { deployment: this.stack.deployment });
    this.#replaced.set(victim, heir);
    return heir;
  }

  /** Replaces it by one that dies when it reaches this step; resolves when it has. */
  async dieAt(victim: ServiceProcess, fault: string): Promise<ServiceProcess> {
    await victim.kill('SIGKILL');
    const environment = { ...victim.environment(), LEASEWIRE_FAULT: fault };
    const doomed = await startProcess(victim.app as ServiceName, environment, {
      deployment: this.stack.deployment,
      doomed: true,
    });
    this.#replaced.set(victim, doomed);
    const { signal, code } = await doomed.exited();
    if (signal !== 'SIGKILL') throw new Error(`${victim.app} ended with ${signal ?? code} and not at ${fault}:\n${doomed.logs}`);
    return doomed;
  }

  #latest(one: ServiceProcess): ServiceProcess {
    const heir = this.#replaced.get(one);
    return heir ? this.#latest(heir) : one;
  }
}

/** One address makes more calls in a test than a person does in an hour. 0: not limited. */
const manyCalls = Object.fromEntries(
  ['ADDRESS', 'CREDENTIAL', 'ORGANIZATION', 'SIGN_IN', 'REFUSED'].map((limit) => [`LEASEWIRE_RATE_LIMIT_${limit}`, '0']),
);
