import type { BootstrapOptions, RunningService, ServiceDefinition } from './definition.js';

export function startService(_service: ServiceDefinition, _options: BootstrapOptions): Promise<RunningService> {
  return Promise.reject(new Error('not built yet'));
}
