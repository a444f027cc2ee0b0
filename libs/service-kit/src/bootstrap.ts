import { DomainError } from '@leasewire/contracts';
import { configExitCode, ConfigError } from './config.js';
import type { BootstrapOptions, RunningService, ServiceDefinition } from './definition.js';
import { startService } from './start-service.js';
import { isError } from './is-error.js';
import { redactText } from './redact-text.js';
import { letHeapGrowSlowly, treatMessagesAsShortLived } from './memory.js';

/** A server that another start finds just as unfit: the sentence says what to do, where it was thrown helps nobody. */
const unfit: ReadonlySet<string> = new Set(['nats.too-old', 'nats.no-jetstream', 'mongodb.too-old', 'mongodb.no-replica-set']);

/**
 * The whole of a main.ts: `await bootstrapService(identity)`. As a process it obeys signals and leaves with an exit code a
 * supervisor understands; in a test (`process: false`) it throws instead.
 */
export async function bootstrapService(service: ServiceDefinition, options: BootstrapOptions = {}): Promise<RunningService> {
  if (options.process === false) return startService(service, options);
  treatMessagesAsShortLived();
  try {
    const running = await startService(service, options);
    letHeapGrowSlowly();
    return running;
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(configExitCode);
    }
    if (error instanceof DomainError && unfit.has(error.code)) {
      process.stderr.write(`${service.name} cannot start. ${error.message}\n`);
      process.exit(configExitCode);
    }
    const said = isError(error) ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${service.name} cannot start: ${redactText(said)}\n`);
    process.exit(1);
  }
}
