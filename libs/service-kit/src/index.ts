export { faultPoint } from '@leasewire/messaging';
export { Background, type Worker } from './background.js';
export { bootstrapService } from './bootstrap.js';
export { defineCommand, type Command, type CommandContext } from './command.js';
export { ConfigError, loadConfig, type Config, type Env } from './config.js';
export { describeEnv } from './describe-env.js';
export { flag, json, list, milliseconds, port, variable, wholeNumber, type AboutVariable } from './config-words.js';
export type { BootstrapOptions, HttpDefinition, RunningService, ServiceDefinition } from './definition.js';
export {
  fromFramework,
  isRetryable,
  problemMediaType,
  problemOf,
  rowOf,
  statusOf,
  type Problem,
  type ProblemPlace,
} from './errors.js';
export { Health, type HealthCheck, type HealthReport } from './health.js';
export { KitModule } from './kit.module.js';
export { Logger, type LogDestination, type LoggerOptions } from './logger.js';
export { Metrics } from './metrics.js';
export { ProblemFilter } from './problem.filter.js';
export { defineReadModel, type ReadModelDefinition } from './read-models.js';
export { redact } from './redact.js';
export { csvCell, csvLine, csvUndefused } from './csv.js';
export { blot, redactText } from './redact-text.js';
export { isHarmless, isSecretName } from './secret-names.js';
export { isSignedBody, oldestSignatureMs, signBody, type SignedBody } from './signed-body.js';
export { runCommand, type CommandOptions } from './run-command.js';
export { CLOCK, CONFIG, EVENT_BUS, IDS, NATS, SERVICE } from './tokens.js';
