import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sizeOf } from './logs.mjs';
import { freePort, isFree, releasePort } from './ports.mjs';
import { greetingOf, stopOrder, untilReady } from './servers.mjs';

/**
 * @typedef {{ host: string, port: number, storeDir: string }} NatsPlace
 * @typedef {{ url: string, port: number, server: import('./supervisor.mjs').Supervised }} RunningNats
 */

/**
 * A broker that lets everyone in, for tests that do not look at trust.
 * @param {NatsPlace} place
 * @returns {string}
 */
export function openNatsConfig({ host, port, storeDir }) {
  return [
    `host: ${host}`,
    `port: ${String(port)}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(storeDir)}`,
    '  sync_interval: always',
    '}',
    '',
  ].join('\n');
}

/**
 * Starts nats-server with JetStream.
 * @param {{
 *   supervisor: import('./supervisor.mjs').Supervisor, binary: string, dir: string, logFile?: string,
 *   config?(place: NatsPlace): string | Promise<string>, port?: number | undefined, signal?: AbortSignal | undefined,
 * }} options `config` is asked again when the port had to change
 * @returns {Promise<RunningNats>}
 */
export async function startNats({
  supervisor,
  binary,
  dir,
  logFile = join(dir, 'nats-server.log'),
  config = openNatsConfig,
  port: preferred,
  signal,
}) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, 'nats.conf');
  let port = await freePort(preferred);
  let settled = false;
  const logFrom = sizeOf(logFile);

  const server = supervisor.add({
    name: 'nats-server',
    order: stopOrder.nats,
    output: { file: logFile },
    async prepare() {
      if (!settled && !(await isFree(port))) {
        releasePort(port);
        port = await freePort();
      }
      writeFileSync(file, await config({ host: '127.0.0.1', port, storeDir: join(dir, 'jetstream') }), { mode: 0o600 });
      return { command: binary, args: ['--config', file] };
    },
  });
  await server.start();
  await untilReady(server, async () => (await greetingOf(port, { greeting: true }))?.includes('"jetstream":true') ?? false, {
    logFile,
    logFrom,
    explain: (tail) => explain(tail, dir),
    signal,
  });
  settled = true;
  return { url: `nats://127.0.0.1:${String(port)}`, port, server };
}

/**
 * @param {string} tail
 * @param {string} dir
 * @returns {string | undefined}
 */
function explain(tail, dir) {
  if (/no space left on device|insufficient storage/i.test(tail))
    return `The disk of ${dir} is full, so nats-server cannot start. Free some space and run the same command again.`;
  if (/permission denied/i.test(tail))
    return `nats-server may not read or write ${dir}. Correct the owner of that folder, or choose another LEASEWIRE_HOME.`;
  const config = /nats-server: (.*nats\.conf.*)/.exec(tail);
  if (config) return `nats-server refuses its configuration: ${config[1] ?? ''}`;
  return undefined;
}
