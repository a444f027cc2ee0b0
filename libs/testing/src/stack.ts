import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@leasewire/contracts';
import type { Env } from '@leasewire/service-kit';
import { Balancer } from './balancer.js';
import { bundlesOf } from './bundle.js';
import { freshNats } from './nats-server.js';
import { repositoryRoot } from './repository-root.js';
import { startProcess, type ServiceProcess } from './service-process.js';
import { newDeployment, type Deployment, type DeploymentOptions } from './suite.js';

export interface StackOptions extends DeploymentOptions {
  /** Every service that is built, unless named. */
  readonly services?: readonly ServiceName[];
  readonly replicas?: number;
  /** For every process, and for the processes of one service. */
  readonly env?: Env;
  readonly envOf?: Partial<Record<ServiceName, Env>>;
}

const mainOf = (name: ServiceName): string => join(repositoryRoot(), 'apps', name, 'dist', 'main.js');

/** The whole platform as processes. */
export interface Stack {
  readonly deployment: Deployment;
  readonly processes: readonly ServiceProcess[];
  of(service: ServiceName): readonly ServiceProcess[];
  /** The n-th replica of a service, from 0. */
  one(service: ServiceName, replica?: number): ServiceProcess;
  /** Of the gateway; of several, one after the other answers. */
  readonly url: string;
  /** What each process logged last, for the message of a failed test. */
  logs(): string;
  stop(): Promise<void>;
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { replicas = 1, env = {}, envOf = {} } = options;
  const nats = options.nats ?? (await freshNats({ trust: true, declaredHandlers: true }));
  const deployment = await newDeployment({ ...options, nats });
  const names = options.services ?? serviceNames.filter((name) => existsSync(mainOf(name)));
  const wanted = names.flatMap((name) => Array.from({ length: replicas }, () => name));
  await bundlesOf(names.map(mainOf)); // in one go
  const processes = await Promise.all(wanted.map((name) => startProcess(name, { ...env, ...envOf[name] }, { deployment })));
  const of = (service: ServiceName): ServiceProcess[] => processes.filter(({ app }) => app === service);
  const one = (service: ServiceName, replica = 0): ServiceProcess => {
    const found = of(service)[replica];
    if (!found) throw new Error(`The stack has no ${service} ${replica}; it has ${wanted.join(', ')}`);
    return found;
  };
  const gateways = of('gateway').map(({ url }) => url);
  const balancer = gateways.length > 1 ? await Balancer.before(gateways) : undefined;
  return {
    deployment,
    processes,
    of,
    one,
    get url() {
      return balancer?.url ?? one('gateway').url;
    },
    logs: () => processes.map(({ app, logs }) => `—— ${app}\n${logs.slice(-4_000)}`).join('\n'),
    stop: async () => {
      await Promise.all(processes.map((service) => service.stop()));
    },
  };
}
