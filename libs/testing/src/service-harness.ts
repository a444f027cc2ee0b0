import type { Clock, Ids } from '@leasewire/messaging';
import type { BootstrapOptions, Env, RunningService, ServiceDefinition } from '@leasewire/service-kit';
import { CapturedLogs } from './captured-logs.js';
import { onCleanUp } from './cleanup.js';
import { suiteDeployment, type Deployment } from './suite.js';

export interface StartServiceOptions {
  /** Another than the suite's own. */
  readonly deployment?: Deployment;
  readonly logTo?: BootstrapOptions['logTo'];
  /** Another than the deployment's. */
  readonly clock?: Clock;
  readonly ids?: Ids;
}

/**
 * A service within this process, on real servers, as production starts it. It is closed when the suite is over. What it
 * logs is shown when it cannot start, and always with LEASEWIRE_TEST_LOGS=1.
 */
export async function startService(
  definition: ServiceDefinition,
  env: Env = {},
  options: StartServiceOptions = {},
): Promise<RunningService> {
  // imported when it is needed: suites that only want a server do not pay for Nest
  const { bootstrapService } = await import('@leasewire/service-kit');
  const deployment = options.deployment ?? (await suiteDeployment());
  const logs = new CapturedLogs();
  const logTo = options.logTo ?? {
    write: (line: string) => (process.env['LEASEWIRE_TEST_LOGS'] ? process.stderr.write(line) : logs.write(line)),
  };
  try {
    const all = { ...deployment.environmentOf(definition.name), ...env };
    const { clock = deployment.clock, ids } = options;
    const service = await bootstrapService(definition, { env: all, process: false, logTo, clock, ...(ids && { ids }) });
    onCleanUp(() => service.close());
    return service;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${definition.name} did not start: ${reason}\n${logs.text}`, { cause: error });
  }
}
