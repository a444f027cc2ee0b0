import { z } from 'zod';
import { ownsDatabase, type ServiceDefinition } from './definition.js';
import { json, milliseconds, port, variable, wholeNumber } from './config-words.js';

const filePath = (what: string) => variable(z.string().optional(), { describe: what, mayBe: 'the path of a PEM file' });

/** What every service reads. */
export const baseConfig = z.object({
  LEASEWIRE_NATS_URL: variable(z.string().min(1).default('nats://127.0.0.1:4222'), {
    describe: 'NATS server or servers (several joined by commas)',
    mayBe: 'a URL such as nats://127.0.0.1:4222',
    secret: true, // it may hold a password
  }),
  LEASEWIRE_NKEY_SEED: variable(z.string().regex(/^SU[A-Z2-7]{56}$/), {
    describe: 'The nkey seed this service proves itself with, to NATS and to other services',
    mayBe: 'a user nkey seed, 58 characters that begin with SU',
    secret: true,
  }),
  LEASEWIRE_TRUSTED_KEYS: variable(json(z.record(z.string(), z.string().regex(/^U[A-Z2-7]{55}$/))), {
    describe: 'Whose signatures are believed: the public nkey of every service',
    mayBe: 'a JSON object of service names and public nkeys, {"gateway":"U…","identity":"U…"}',
  }),
  LEASEWIRE_NATS_TLS_CA: filePath('Certificate authority of the NATS servers; turns TLS on'),
  LEASEWIRE_NATS_TLS_CERT: filePath('Client certificate shown to NATS'),
  LEASEWIRE_NATS_TLS_KEY: filePath('Key of the client certificate'),
  LEASEWIRE_HTTP_HOST: variable(z.string().default('127.0.0.1'), {
    describe: 'Where /health and /metrics listen',
    mayBe: 'a host name or address',
  }),
  LEASEWIRE_HTTP_PORT: variable(port().default(0), { describe: 'Port of /health and /metrics; 0 takes a free one' }),
  LEASEWIRE_LOG_LEVEL: variable(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'), {
    describe: 'The least important lines that are logged',
  }),
  LEASEWIRE_LOG_FORMAT: variable(z.enum(['json', 'pretty']).default('json'), {
    describe: 'json for machines, pretty for a terminal',
  }),
  LEASEWIRE_EVENT_ACK_WAIT_MS: variable(milliseconds(1_000, 300_000).default(10_000), {
    describe: 'After a process died, how long until another gets the events it was at; one that lives may take any time',
  }),
  LEASEWIRE_STREAM_REPLICAS: variable(wholeNumber(1, 5).default(1), {
    describe: 'Copies of the event stream of this service in a NATS cluster; 3 survives the loss of a server',
  }),
  LEASEWIRE_STREAM_MAX_MB: variable(wholeNumber(16, 1_000_000).default(512), {
    describe: 'The most disk that the event stream of this service takes; the oldest events go first',
  }),
  LEASEWIRE_SHUTDOWN_MS: variable(milliseconds(100, 29_000).default(25_000), {
    describe: 'How long running work is awaited at shutdown; give the supervisor some seconds more before it kills',
  }),
});

/** What a service with a database reads besides. */
export const databaseConfig = z.object({
  LEASEWIRE_MONGODB_URI: variable(z.string().regex(/^mongodb(\+srv)?:\/\//), {
    describe: 'MongoDB ≥ 6, a replica set (one node is enough)',
    mayBe: 'a URI such as mongodb://127.0.0.1:27017/?replicaSet=rs0',
    secret: true, // it may hold a password
  }),
  LEASEWIRE_MONGODB_PREFIX: variable(
    z
      .string()
      .regex(/^[a-z0-9_]{0,20}$/i)
      .default('leasewire_'),
    {
      describe: 'The database of a service is this and its name (- becomes _)',
      mayBe: 'up to 20 letters, digits or underscores',
    },
  ),
  LEASEWIRE_SECRET_KEYS: variable(z.string().regex(/^[\w.-]+:[A-Za-z0-9+/_=-]+(,[\w.-]+:[A-Za-z0-9+/_=-]+)*$/), {
    describe: 'Key ring that secrets are sealed with at rest; the first is used for new ones',
    mayBe: 'id:base64 of 32 bytes, several joined by commas',
    secret: true,
  }),
});

/** What a service with an HTTP interface of its own reads besides (the gateway). */
export const httpConfig = z.object({
  LEASEWIRE_HOST: variable(z.string().default('127.0.0.1'), {
    describe: 'Where the HTTP interface listens',
    mayBe: 'a host name or address',
  }),
  LEASEWIRE_PORT: variable(port().default(3000), { describe: 'Port of the HTTP interface; 0 takes a free one' }),
});

/** Everything that this service reads. */
export function schemaOf(service: ServiceDefinition): z.ZodObject {
  return z.object({
    ...baseConfig.shape,
    ...(ownsDatabase(service) ? databaseConfig.shape : {}),
    ...(service.http ? httpConfig.shape : {}),
    ...service.config?.shape,
  });
}
