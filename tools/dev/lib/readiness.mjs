import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { tailOf } from './logs.mjs';
import { Problem } from './problem.mjs';

const readyWithinMs = 120_000;
const badConfiguration = 78; // what a service exits with when its environment is wrong (sysexits EX_CONFIG)
const mostExits = 8;

/**
 * @typedef {{
 *   name: string, url: string, logFile: string, logFrom: number, server: import('./supervisor.mjs').Supervised,
 * }} Waiting
 */

/**
 * @param {string} url
 * @returns {Promise<{ ready: boolean, said: string }>}
 */
function ask(url) {
  return new Promise((resolve) => {
    const request = http.get(url, { timeout: 2000, agent: false }, (response) => {
      let said = '';
      response.setEncoding('utf8').on('data', (chunk) => (said += chunk));
      response.on('end', () => resolve({ ready: response.statusCode === 200, said }));
      response.on('error', () => resolve({ ready: false, said }));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve({ ready: false, said: 'it does not answer yet' }));
  });
}

/**
 * Waits until a service says that it and everything it needs is ready.
 * @param {() => Waiting} current asked each time, because a restart may change the port
 * @param {AbortSignal | undefined} signal
 */
export async function untilServiceReady(current, signal) {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    signal?.throwIfAborted();
    const { name, url, logFile, logFrom, server } = current();
    const { ready, said } = await ask(`${url}/health/ready`);
    if (ready) return;
    const output = () => tailOf(logFile, { from: logFrom });
    if (server.exits.filter(({ code }) => code === badConfiguration).length >= 2) {
      throw new Problem(`${name} refuses its configuration; what it says is below. Correct the environment and try again.`, {
        output: await output(),
      });
    }
    if (server.exits.length >= mostExits)
      throw new Problem(`${name} stops as soon as it is started. Its log is ${logFile}.`, { output: await output() });
    if (Date.now() > deadline) {
      throw new Problem(
        `${name} is not ready after ${String(readyWithinMs / 1000)} s; it last said: ${said.slice(0, 500)}. Its log is ${logFile}.`,
        {
          output: await output(),
        },
      );
    }
    await delay(50);
  }
}
