import { randomInt } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Problem } from './problem.mjs';

/** Below the range from which systems take the ports of outgoing connections: one of those must not sit on ours at a restart. */
const firstPort = 20_000;
const lastPort = 31_999;

/** @type {Set<number>} chosen by this process, perhaps not bound yet */
const promised = new Set();

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function canBind(port, host) {
  return new Promise((resolve) => {
    const probe = createServer();
    // A machine without IPv6 says so; that is no reason to call the port busy.
    probe.once('error', (error) => resolve('code' in error && error.code !== 'EADDRINUSE' && error.code !== 'EACCES'));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/**
 * @param {number} port
 * @returns {Promise<boolean>} whether neither loopback nor another address has a listener there
 */
export async function isFree(port) {
  return (await canBind(port, '127.0.0.1')) && (await canBind(port, '0.0.0.0')) && (await canBind(port, '::'));
}

/**
 * A free port, the preferred one where possible.
 * @param {number} [preferred]
 * @returns {Promise<number>}
 */
export async function freePort(preferred) {
  if (preferred !== undefined && !promised.has(preferred) && (await isFree(preferred))) {
    promised.add(preferred);
    return preferred;
  }
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(firstPort, lastPort + 1);
    if (promised.has(port) || !(await isFree(port))) continue;
    promised.add(port);
    return port;
  }
  throw new Problem(
    `No free port was found between ${String(firstPort)} and ${String(lastPort)} on 127.0.0.1. Stop some servers and try again.`,
  );
}

/** @param {number} port */
export const releasePort = (port) => promised.delete(port);

/**
 * The public port, from LEASEWIRE_PORT. 0 means "any free one".
 * @param {NodeJS.ProcessEnv} env
 * @returns {number}
 */
export function publicPort(env) {
  const text = env.LEASEWIRE_PORT ?? '3000';
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Problem(`LEASEWIRE_PORT must be a number from 0 to 65535, not "${text}". Example: LEASEWIRE_PORT=3100 npm start`);
}

/** @param {number} port */
export async function requireFree(port) {
  if (await isFree(port)) return;
  const another = port < 65_000 ? port + 100 : port - 100;
  throw new Problem(
    `Port ${String(port)} is already used by another program. Stop that program, or choose another port: LEASEWIRE_PORT=${String(another)} npm start` +
      (port < 1024 ? ' (ports below 1024 also need root).' : ''),
  );
}

/**
 * Ports of the last run, tried first at the next: addresses that people wrote down keep working where they can.
 * @param {string} file
 */
export function rememberedPorts(file) {
  /** @type {Record<string, number>} */
  let ports = {};
  try {
    ports = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // the first run
  }
  return {
    /** @param {string} name */
    get: (name) => ports[name],
    /**
     * @param {string} name
     * @param {number} port
     */
    set(name, port) {
      ports[name] = port;
      writeFileSync(`${file}.next`, JSON.stringify(ports));
      renameSync(`${file}.next`, file);
    },
  };
}
