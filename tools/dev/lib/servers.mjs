import { createConnection } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fullDisk } from './disk.mjs';
import { tailOf } from './logs.mjs';
import { Problem } from './problem.mjs';

/** Stopped from low to high: first those who work, then the broker, the database last. */
export const stopOrder = { services: 0, nats: 1, mongodb: 2 };

const readyWithinMs = 120_000; // a database that was killed replays its journal first
const mostExits = 4;

/**
 * Waits until the server answers; says why when it does not come up.
 * @param {import('./supervisor.mjs').Supervised} server
 * @param {() => Promise<boolean>} answers
 * @param {{ logFile: string, logFrom: number, explain(tail: string): string | undefined, signal?: AbortSignal | undefined }} options
 */
export async function untilReady(server, answers, { logFile, logFrom: from, explain, signal }) {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    signal?.throwIfAborted();
    if (await answers()) return;
    const failed = server.exits.length >= mostExits;
    if (failed || Date.now() > deadline) {
      const tail = await tailOf(logFile, { from });
      const why = fullDisk(dirname(logFile)) ?? explain(await tailOf(logFile, { from, lines: 80 }));
      const what = failed
        ? `${server.name} stops as soon as it is started`
        : `${server.name} did not become ready within ${String(readyWithinMs / 1000)} s`;
      throw new Problem(
        why ?? `${what}. Its log is ${logFile}; \`npm start -- --fresh\` begins with empty data.`,
        why ? {} : { output: tail },
      );
    }
    if (server.exits.length > 0) {
      const why = fullDisk(dirname(logFile)) ?? explain(await tailOf(logFile, { from, lines: 80 }));
      if (why) throw new Problem(why);
    }
    await delay(25);
  }
}

/**
 * The first bytes that a server sends to whoever connects, or '' once connected when it sends none.
 * @param {number} port
 * @param {{ greeting: boolean }} options
 * @returns {Promise<string | undefined>} undefined when nobody listens
 */
export function greetingOf(port, { greeting }) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    /** @param {string | undefined} said */
    const end = (said) => {
      socket.destroy();
      resolve(said);
    };
    socket.setTimeout(1000, () => end(undefined));
    socket.once('error', () => end(undefined));
    if (greeting) socket.once('data', (data) => end(data.toString('utf8')));
    else socket.once('connect', () => end(''));
  });
}
