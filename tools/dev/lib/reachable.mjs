import { createConnection } from 'node:net';
import { Problem } from './problem.mjs';

const patienceMs = 3000;

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function listens(host, port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const end = (/** @type {boolean} */ is) => {
      socket.destroy();
      resolve(is);
    };
    socket.setTimeout(patienceMs, () => end(false));
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

/**
 * The places named by an address such as mongodb://user@a:1,b:2/?x or nats://a,nats://b.
 * @param {string} url
 * @param {number} usualPort
 * @returns {{ host: string, port: number }[]}
 */
function placesIn(url, usualPort) {
  return url.split(',').map((part) => {
    const authority = part
      .trim()
      .replace(/^\w+(\+\w+)?:\/\//, '')
      .replace(/[/?].*$/, '')
      .replace(/^.*@/, '');
    const [, host = authority, port] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? [];
    return { host: host.replace(/^\[|\]$/g, ''), port: port ? Number(port) : usualPort };
  });
}

/**
 * Before anything is started: does somebody answer at the address that the environment gives?
 * @param {string} variable
 * @param {string} url
 * @param {number} usualPort
 */
export async function requireReachable(variable, url, usualPort) {
  if (url.startsWith('mongodb+srv:')) return; // its places are in DNS records that the driver knows to read
  const places = placesIn(url, usualPort);
  const answers = await Promise.all(places.map(({ host, port }) => listens(host, port)));
  if (answers.includes(true)) return;
  const named = places.map(({ host, port }) => `${host}:${String(port)}`).join(', ');
  throw new Problem(
    `${variable} names ${named}, but nobody answers there. Start that server or correct the address; without ${variable} an own one is started.`,
  );
}
