import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir, homedir } from 'node:os';
import { existsSync } from 'node:fs';
import { natsConfig, newNkey } from '@leasewire/messaging';
import { serviceNames } from '@leasewire/contracts';
import { freePort, start } from './processes.mjs';

const binary = (name) => {
  const folders = [
    process.env.LEASEWIRE_TEST_BIN_DIR,
    join(homedir(), '.cache/leasewire/bin'),
    ...(process.env.PATH ?? '').split(':'),
  ];
  const found = folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(existsSync);
  if (!found) throw new Error(`${name} is not there; run \`npm start\` once, which fetches it`);
  return found;
};

export function temporary() {
  // a real disk: on /dev/shm the syncing that durability costs would be free
  const folder = mkdtempSync(join(tmpdir(), 'leasewire-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A nats-server as production runs it: a key and an allow-list per service, every acknowledged event on disk. */
export async function trustedBroker() {
  const folder = temporary();
  const port = await freePort();
  const keys = Object.fromEntries(serviceNames.map((name) => [name, newNkey()]));
  const trusted = Object.fromEntries(Object.entries(keys).map(([name, { publicKey }]) => [name, publicKey]));
  const file = join(folder, 'nats.conf');
  writeFileSync(file, natsConfig({ keys: trusted, port, storeDir: join(folder, 'jetstream') }));
  const server = await start(binary('nats-server'), ['-c', file], { until: /Server is ready/ });
  const url = `nats://127.0.0.1:${port}`;
  return {
    ...server,
    url,
    /** The environment a service needs to reach it. */
    envOf: (service) => ({
      LEASEWIRE_NATS_URL: url,
      LEASEWIRE_NKEY_SEED: keys[service].seed,
      LEASEWIRE_TRUSTED_KEYS: JSON.stringify(trusted),
      LEASEWIRE_LOG_LEVEL: 'warn',
    }),
  };
}

/** A nats-server without keys, for contenders that know none. */
export async function plainBroker() {
  const folder = temporary();
  const port = await freePort();
  const file = join(folder, 'nats.conf');
  writeFileSync(file, `listen: 127.0.0.1:${port}\njetstream { store_dir: "${folder}", sync_interval: always }\n`);
  const server = await start(binary('nats-server'), ['-c', file], { until: /Server is ready/ });
  return { ...server, url: `nats://127.0.0.1:${port}` };
}

export async function mongo() {
  const { MongoClient } = await import('mongodb');
  const folder = temporary();
  const port = await freePort();
  const args = [
    '--dbpath',
    folder,
    '--port',
    String(port),
    '--bind_ip',
    '127.0.0.1',
    '--replSet',
    'rs0',
    '--wiredTigerCacheSizeGB',
    '0.5',
  ];
  const server = await start(binary('mongod'), args, { until: /Waiting for connections/ });
  const uri = `mongodb://127.0.0.1:${port}/?replicaSet=rs0`;
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  await client.db('admin').command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: `127.0.0.1:${port}` }] } });
  await client.close();
  return { ...server, uri };
}
