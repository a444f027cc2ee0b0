import type { ServiceName } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import type { CollectionDef, Migration } from '@leasewire/persistence';
import type { Type } from '@nestjs/common';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { z } from 'zod';
import type { Command } from './command.js';
import type { Env } from './config.js';
import type { LogDestination } from './logger.js';
import type { ReadModelDefinition } from './read-models.js';
import type { Token } from './tokens.js';

/** All that a service says about itself. main.ts and cli.ts hand it on; nothing else is wired by hand. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  /** The Nest module of the service. The kit's own module is global beside it. */
  readonly module: Type;
  /** Its environment beside the common one; keys are the variables' names. */
  readonly config?: z.ZodObject;
  readonly collections?: readonly CollectionDef[];
  readonly migrations?: readonly Migration[];
  /** Off where a service owns no data (the gateway). */
  readonly database?: boolean;
  /** Only a service that people reach over HTTP has this: the gateway. */
  readonly http?: HttpDefinition;
  /** Commands beside the standard ones, run by cli.ts. */
  readonly commands?: readonly Command[];
  /** What it keeps of other services' data; `rebuild` builds it anew. */
  readonly readModels?: readonly ReadModelDefinition[];
}

export interface HttpDefinition {
  /** The server with its limits. Fastify's default when left out. */
  adapter?(): FastifyAdapter;
  /** Routes, hooks, handlers: after Nest has built the app, before it listens. */
  setup?(app: NestFastifyApplication): void | Promise<void>;
  /** At shutdown, before the server stops: end what would never end by itself (streams). */
  beforeClose?(app: NestFastifyApplication): void | Promise<void>;
}

export interface BootstrapOptions {
  /** Instead of process.env. */
  readonly env?: Env;
  /** False in tests: no signal handlers, no exit codes, errors are thrown. */
  readonly process?: boolean;
  /** Where log lines go instead of standard output. */
  readonly logTo?: LogDestination;
  readonly clock?: Clock;
  readonly ids?: Ids;
}

export interface RunningService {
  readonly name: ServiceName;
  /** Of its HTTP interface, where it has one: `http://127.0.0.1:3000`. */
  readonly url: string | undefined;
  /** Of /health and /metrics. */
  readonly opsUrl: string;
  /** Any provider of its module or of the kit. */
  get<T>(token: Token<T>): T;
  /** In the order of research B.3. May be called twice. */
  close(): Promise<void>;
}

export const ownsDatabase = (service: ServiceDefinition): boolean => service.database ?? true;
