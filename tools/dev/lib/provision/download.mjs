import { createWriteStream } from 'node:fs';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import tls from 'node:tls';

const firstByteMs = 6000;
const stallMs = 20_000;
const mostRedirects = 5;

/**
 * Companies put their own certificate authority where pip, npm or curl find it; Node looks only at NODE_EXTRA_CA_CERTS.
 * @param {NodeJS.ProcessEnv} env
 */
function authorities(env) {
  const file = env.PIP_CERT ?? env.SSL_CERT_FILE ?? env.REQUESTS_CA_BUNDLE;
  if (!file) return undefined;
  try {
    return [...tls.rootCertificates, readFileSync(file, 'utf8')];
  } catch {
    return undefined;
  }
}

/**
 * @param {URL} url
 * @param {NodeJS.ProcessEnv} env
 */
function proxyFor(url, env) {
  const exempt = (env.no_proxy ?? env.NO_PROXY ?? '').split(',').map((entry) => entry.trim().replace(/^\*?\./, ''));
  if (exempt.some((entry) => entry === '*' || (entry !== '' && (url.hostname === entry || url.hostname.endsWith(`.${entry}`)))))
    return undefined;
  const proxy = url.protocol === 'https:' ? (env.https_proxy ?? env.HTTPS_PROXY) : (env.http_proxy ?? env.HTTP_PROXY);
  return proxy ? new URL(proxy) : undefined;
}

/**
 * A tunnel through a proxy: Node's own client knows none.
 * @param {URL} proxy
 * @param {URL} target
 * @returns {Promise<import('node:stream').Duplex>}
 */
function tunnel(proxy, target) {
  return new Promise((resolve, reject) => {
    const credentials = decodeURIComponent(`${proxy.username}:${proxy.password}`);
    const request = http.request({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: 'CONNECT',
      path: `${target.hostname}:${target.port || '443'}`,
      headers: proxy.username ? { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` } : {},
      timeout: firstByteMs,
    });
    request.on('timeout', () => request.destroy(new Error(`the proxy ${proxy.host} does not answer`)));
    request.on('connect', (response, socket) =>
      response.statusCode === 200
        ? resolve(socket)
        : reject(new Error(`the proxy ${proxy.host} answered ${String(response.statusCode)}`)),
    );
    request.on('error', reject).end();
  });
}

/**
 * @param {string} address
 * @param {{ accept?: string, env: NodeJS.ProcessEnv }} options
 * @param {number} [redirects]
 * @returns {Promise<{ response: http.IncomingMessage, url: URL }>}
 */
async function get(address, options, redirects = 0) {
  const url = new URL(address);
  const secure = url.protocol === 'https:';
  const proxy = proxyFor(url, options.env);
  const socket = proxy && secure ? await tunnel(proxy, url) : undefined;
  const response = await new Promise((/** @type {(response: http.IncomingMessage) => void} */ resolve, reject) => {
    const ca = authorities(options.env);
    const request = (secure ? https : http).get(url, {
      headers: { 'user-agent': 'leasewire-provision', accept: options.accept ?? '*/*', ...basicAuthorization(url) },
      ...(ca ? { ca } : {}),
      ...(socket
        ? { createConnection: () => tls.connect({ socket, servername: url.hostname, ...(ca ? { ca } : {}) }), agent: false }
        : {}),
    });
    const patience = setTimeout(() => request.destroy(new Error(`${url.host} does not answer`)), firstByteMs);
    request.on('response', resolve).on('error', reject);
    request.on('close', () => clearTimeout(patience)).on('response', () => clearTimeout(patience));
  });
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400 && response.headers.location && redirects < mostRedirects) {
    response.resume();
    return get(new URL(response.headers.location, url).href, options, redirects + 1);
  }
  if (status !== 200) {
    response.resume();
    throw new Error(`${url.host} answered ${String(status)} for ${url.pathname}`);
  }
  response.setTimeout(stallMs, () => response.destroy(new Error(`${url.host} stopped sending`)));
  return { response, url };
}

/** @param {URL} url */
function basicAuthorization(url) {
  if (!url.username) return {};
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/**
 * @param {string} address
 * @param {{ accept?: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ text: string, type: string, url: URL }>}
 */
export async function fetchText(address, options) {
  const { response, url } = await get(address, options);
  /** @type {Buffer[]} */
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return { text: Buffer.concat(chunks).toString('utf8'), type: response.headers['content-type'] ?? '', url };
}

/**
 * @param {string} address
 * @param {string} target
 * @param {{ env: NodeJS.ProcessEnv, note: (text: string) => void }} options
 */
export async function downloadFile(address, target, { env, note }) {
  const { response, url } = await get(address, { env });
  const total = Number(response.headers['content-length'] ?? 0);
  let received = 0;
  const ticks = setInterval(() => {
    const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(0);
    note(`${url.host}: ${megabytes(received)}${total > 0 ? ` of ${megabytes(total)}` : ''} MB`);
  }, 3000);
  try {
    response.on('data', (/** @type {Buffer} */ chunk) => {
      received += chunk.length;
    });
    await pipeline(response, createWriteStream(target));
    if (total > 0 && received !== total) throw new Error(`${url.host} sent ${String(received)} of ${String(total)} bytes`);
  } finally {
    clearInterval(ticks);
  }
}
