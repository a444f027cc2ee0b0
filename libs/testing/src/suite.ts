import { randomBytes } from 'node:crypto';
import { serviceNames } from '@leasewire/contracts';
import type { Env } from '@leasewire/service-kit';
import { MongoClient } from 'mongodb';
import { onCleanUp } from './cleanup.js';
import { freshDatabaseName } from './database.js';
import { mongoUri } from './mongo-server.js';
import { freshNats, type NatsServer } from './nats-server.js';
import { runningClock, type RunningClock } from './running-clock.js';

/** One deployment: a nats-server with trust, keys for every service, and databases under a prefix of its own. */
export interface Deployment {
  readonly nats: NatsServer;
  readonly mongoUri: string;
  readonly databasePrefix: string;
  /** Of its services within this process, and of those who call them: `clock.advance({ days: 7 })` moves them all. */
  readonly clock: RunningClock;
  /** What a service of it finds in its environment. */
  environmentOf(service: string): Env;
}

export interface DeploymentOptions {
  /** Instead of the mongod of the run: one that the test may stop, or a proxy before it. */
  readonly mongoUri?: string;
  readonly nats?: NatsServer;
  /** Another way to it: a proxy. */
  readonly natsUrl?: string;
}

export async function newDeployment(options: DeploymentOptions = {}): Promise<Deployment> {
  const [mongo, nats] = await Promise.all([options.mongoUri ?? mongoUri(), options.nats ?? freshNats({ trust: true })]);
  const databasePrefix = `${freshDatabaseName()}_`;
  onCleanUp(() => dropDatabases(mongo, databasePrefix));
  const common: Env = {
    LEASEWIRE_NATS_URL: options.natsUrl ?? nats.url,
    LEASEWIRE_TRUSTED_KEYS: JSON.stringify(
      Object.fromEntries(Object.entries(nats.keys).map(([name, { publicKey }]) => [name, publicKey])),
    ),
    LEASEWIRE_MONGODB_URI: mongo,
    LEASEWIRE_MONGODB_PREFIX: databasePrefix,
    LEASEWIRE_SECRET_KEYS: `test:${randomBytes(32).toString('base64')}`,
    LEASEWIRE_HTTP_PORT: '0',
    LEASEWIRE_PORT: '0',
    LEASEWIRE_SHUTDOWN_MS: '10000',
    LEASEWIRE_EVENT_ACK_WAIT_MS: '2000', // tests kill processes, and wait for what the next one does
    LEASEWIRE_PUBLIC_URL: 'http://127.0.0.1:3000',
  };
  const auditKey = randomBytes(32).toString('base64');
  return {
    nats,
    mongoUri: mongo,
    databasePrefix,
    clock: runningClock(),
    environmentOf: (service) => {
      const key = nats.keys[service];
      if (!key)
        throw new Error(`There is no service “${service}” in libs/contracts services.ts; there are ${serviceNames.join(', ')}`);
      return { ...common, LEASEWIRE_NKEY_SEED: key.seed, ...(service === 'audit' && { LEASEWIRE_AUDIT_SIGNING_KEY: auditKey }) };
    },
  };
}

let ofSuite: Promise<Deployment> | undefined;

/** The deployment that the services of one suite share unless a test makes another. */
export function suiteDeployment(): Promise<Deployment> {
  return (ofSuite ??= newDeployment());
}

/** Where the run has a mongod of its own there is nothing to do: it goes with the run. */
async function dropDatabases(uri: string, prefix: string): Promise<void> {
  if (!process.env['LEASEWIRE_TEST_MONGODB_URI']) return;
  const client = new MongoClient(uri);
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    const ours = databases.filter(({ name }) => name.startsWith(prefix));
    await Promise.all(ours.map(({ name }) => client.db(name).dropDatabase()));
  } finally {
    await client.close();
  }
}
