import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, services, type ServiceRow } from '@leasewire/contracts';
import { natsConfig, newNkey, type Nkey } from '@leasewire/messaging';
import { binary, hasBinary } from './binaries.js';
import { answers, Child, freePort } from './child.js';
import { onCleanUp } from './cleanup.js';
import { runDirectory } from './test-run.js';

export interface NatsServer extends Child {
  readonly url: string;
  readonly port: number;
  /** One per service, where the server asks for them; empty where it lets everyone in. */
  readonly keys: Readonly<Record<string, Nkey>>;
}

export interface FreshNatsOptions {
  /** Nkeys and allow-lists for every service, as in production. Off: anyone may do anything. */
  readonly trust?: boolean;
  /** With trust: only the handlers in the table of services, as in production. Off: also those that a test makes up. */
  readonly declaredHandlers?: boolean;
}

/** A nats-server with JetStream of the suite's own; it is there in about 50 ms. */
export async function freshNats(options: FreshNatsOptions = {}): Promise<NatsServer> {
  const directory = mkdtempSync(join(runDirectory(), 'nats-'));
  const port = await freePort();
  const keys = options.trust ? newKeys() : {};
  const file = join(directory, 'nats.conf');
  writeFileSync(file, options.trust ? trustedConfig(port, directory, keys, options) : openConfig(port, directory));
  const child = new Child({
    command: binary('nats-server'),
    args: ['-c', file],
    ready: (starting) => answers(port, () => starting.running),
  });
  onCleanUp(() => child.stop('SIGKILL'));
  await child.start();
  return Object.assign(child, { url: `nats://127.0.0.1:${port}`, port, keys });
}

let open: Promise<string> | undefined;

/**
 * A server without trust, for tests below the level of services. Each suite has its own, because suites make streams of
 * the same names; LEASEWIRE_TEST_NATS_URL is only used where there is no nats-server to start.
 */
export function natsUrl(): Promise<string> {
  const given = process.env['LEASEWIRE_TEST_NATS_URL'];
  return (open ??= given && !hasBinary('nats-server') ? Promise.resolve(given) : freshNats().then(({ url }) => url));
}

const openConfig = (port: number, directory: string): string => `
listen: "127.0.0.1:${port}"
jetstream { store_dir: "${join(directory, 'jetstream')}", max_file_store: 2GB, max_memory_store: 64MB }
`;

function newKeys(): Record<string, Nkey> {
  return Object.fromEntries(serviceNames.map((name) => [name, newNkey()]));
}

function trustedConfig(
  port: number,
  directory: string,
  keys: Record<string, Nkey>,
  { declaredHandlers }: FreshNatsOptions,
): string {
  const publicKeys = Object.fromEntries(Object.entries(keys).map(([name, { publicKey }]) => [name, publicKey]));
  const table = declaredHandlers
    ? services
    : Object.fromEntries(Object.entries<ServiceRow>(services).map(([name, row]) => [name, { ...row, handlers: undefined }]));
  return natsConfig({ services: table, keys: publicKeys, port, storeDir: join(directory, 'jetstream') });
}
