import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './home.mjs';
import { freePort } from './ports.mjs';
import { stopOrder } from './servers.mjs';

/** What the demo meets outside: property-management systems with the same people every time, and where mails and texts end. */
export const simulatorsMain = join(root, 'tools/simulators/dist/main.js');
const readyWithinMs = 20_000;

/**
 * @typedef {Record<string, string>} Access
 * @typedef {{ url: string, smtp: { host: string, port: number, user: string, password: string }, returns?: { port: number } | null }} Mail
 * @typedef {{ url: string, entrata?: Access, buildium?: Access, propertyiq?: Access, stratamax?: Access, twilio?: Access, mail?: Mail }} Simulators where they are and what lets one in
 */

/**
 * @param {{
 *   supervisor: import('./supervisor.mjs').Supervisor, port: number | undefined, publicUrl: string,
 *   onLine(line: string): void, signal?: AbortSignal | undefined,
 * }} options
 * @returns {Promise<{ port: number, about: Simulators, server: import('./supervisor.mjs').Supervised } | undefined>} undefined: not built
 */
export async function startSimulators({ supervisor, port: preferred, publicUrl, onLine, signal }) {
  if (!existsSync(simulatorsMain)) return undefined;
  const port = await freePort(preferred);
  const returns = await freePort();
  /** @type {(about: Simulators) => void} */
  let tell = () => undefined;
  /** @type {Promise<Simulators>} */
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  const server = supervisor.add({
    name: 'simulators',
    order: stopOrder.services,
    prepare: () =>
      Promise.resolve({
        command: process.execPath,
        args: [
          ...[simulatorsMain, '--port', String(port), '--seed', '1', '--residents', '300'],
          ...['--mail-returns', String(returns)],
          ...['--twilio-inbound', `${publicUrl}/v1/hooks/twilio/inbound`],
        ],
      }),
    output: {
      onLine: (line) => {
        const about = aboutIn(line);
        if (about) tell(about);
        else onLine(line);
      },
    },
  });
  await server.start();
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error('the simulators did not say where they are')), readyWithinMs).unref();
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return { port, server, about: await Promise.race([told, /** @type {Promise<never>} */ (late)]) };
}

/**
 * @param {string} line
 * @returns {Simulators | undefined}
 */
function aboutIn(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line);
    return typeof value.url === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
