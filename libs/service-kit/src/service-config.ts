import type { z } from 'zod';
import { baseConfig, databaseConfig, httpConfig, schemaOf } from './base-config.js';
import { loadConfig, type Config, type Env } from './config.js';
import { ownsDatabase, type ServiceDefinition } from './definition.js';

/** The environment of one service, read once. */
export interface ServiceConfig {
  /** All of it: what CONFIG injects. */
  readonly all: Readonly<Record<string, unknown>>;
  readonly base: Readonly<z.output<typeof baseConfig>>;
  readonly database: Readonly<z.output<typeof databaseConfig>> | undefined;
  readonly http: Readonly<z.output<typeof httpConfig>> | undefined;
  readonly warnings: readonly string[];
  readonly secrets: readonly string[];
}

export function loadServiceConfig(service: ServiceDefinition, env: Env): ServiceConfig {
  // The whole first, so that every problem is told at once; its parts, which then have none, for their types.
  const { config, warnings, secrets } = loadConfig(service.name, schemaOf(service), env);
  const part = <S extends z.ZodObject>(schema: S): Readonly<z.output<S>> => loadConfig(service.name, schema, env).config;
  return {
    all: config,
    base: part(baseConfig),
    database: ownsDatabase(service) ? part(databaseConfig) : undefined,
    http: service.http ? part(httpConfig) : undefined,
    warnings,
    secrets,
  };
}

export type { Config };
