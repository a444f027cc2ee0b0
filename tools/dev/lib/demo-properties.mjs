/**
 * Connects the demo organization to the simulated property-management systems and adopts what they have, over the REST
 * API as staff would do it. It may be run again and again: what is connected already stays as it is, and what was begun is finished.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** A machine that has just started everything may be slow to answer; what says that it may be repeated is, this often. */
const tries = 6;
const longestPauseMs = 5000;

/**
 * @typedef {{ pms: string, name: string, settings: Record<string, string>, credentials: Record<string, string> }} Wanted
 * @typedef {import('./simulators.mjs').Simulators} Simulators
 */

/**
 * @param {Simulators} about
 * @returns {Wanted[]}
 */
function wantedFrom({ entrata, buildium, propertyiq, stratamax }) {
  /** @type {[string, string, Record<string, string> | undefined, string[], string[]][]} */
  const all = [
    ['entrata', 'Entrata (demo)', entrata, ['subdomain'], ['apiKey']],
    ['propertyiq', 'PropertyIQ (demo)', propertyiq, [], ['clientId', 'clientSecret']],
    ['stratamax', 'StrataMax (demo)', stratamax, [], ['apiKey']],
    ['buildium', 'Buildium (demo)', buildium, [], ['clientId', 'clientSecret']],
  ];
  const baseUrlOf = (/** @type {string} */ pms, /** @type {string | undefined} */ url = '') =>
    pms === 'entrata' ? `${url}/ext/orgs` : url;
  return all.flatMap(([pms, name, about, settings, credentials]) =>
    about
      ? [
          {
            pms,
            name,
            settings: { ...pick(about, settings), baseUrl: baseUrlOf(pms, about.url) },
            credentials: pick(about, credentials),
          },
        ]
      : [],
  );
}

/**
 * @param {Record<string, string>} about
 * @param {readonly string[]} names
 */
const pick = (about, names) =>
  Object.fromEntries(names.flatMap((name) => (about[name] === undefined ? [] : [[name, about[name]]])));

/**
 * @param {{ url: string, signIn: import('./endpoints.mjs').SignIn, simulators: Simulators, signal?: AbortSignal | undefined }} options
 * @returns {Promise<number>} how many properties the demo has
 */
export async function connectDemo({ url, signIn, simulators, signal }) {
  const { email, password } = signIn;
  const { accessToken } = await ask(url, 'POST', '/v1/sessions', { body: { email, password }, signal });
  const call = (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body = undefined) =>
    ask(url, method, path, { body, token: accessToken, signal });
  const { items: known } = await call('GET', '/v1/connections?limit=200');
  let properties = 0;
  for (const wanted of wantedFrom(simulators)) {
    const there = known.find((/** @type {{ name: string }} */ { name }) => name === wanted.name);
    // One that never synced and has nothing was begun by a start that broke off; adopting takes all or nothing.
    if (there && (there.properties > 0 || there.health.lastSuccessAt !== null)) {
      properties += there.properties;
      continue;
    }
    const { id } = there ?? (await call('POST', '/v1/connections', wanted));
    const { items: upstream } = await call('GET', `/v1/connections/${id}/upstream-properties`);
    const adopted = await call('POST', `/v1/connections/${id}/properties`, {
      properties: upstream.map((/** @type {{ id: string }} */ one) => ({ upstreamId: one.id })),
    });
    properties += adopted.items.length;
  }
  return properties;
}

/**
 * @param {string} url
 * @param {string} method
 * @param {string} path
 * @param {{ body?: unknown, token?: string, signal?: AbortSignal | undefined }} options
 */
async function ask(url, method, path, options) {
  const key = randomUUID(); // the same for each try: what was done already is not done again
  for (let tried = 1; ; tried += 1) {
    const { response, text } = await askOnce(url, method, path, { ...options, key });
    if (response.ok) return text === '' ? undefined : JSON.parse(text);
    if (tried === tries || !mayBeRepeated(text))
      throw new Error(`${method} ${path} answered ${String(response.status)}: ${text}`);
    const seconds = Number(response.headers.get('retry-after') ?? tried);
    await sleep(Math.min(seconds * 1000, longestPauseMs), undefined, options.signal && { signal: options.signal });
  }
}

/** @param {string} text */
function mayBeRepeated(text) {
  try {
    return JSON.parse(text).retryable === true;
  } catch {
    return false;
  }
}

/**
 * @param {string} url
 * @param {string} method
 * @param {string} path
 * @param {{ body?: unknown, token?: string, signal?: AbortSignal | undefined, key: string }} options
 */
async function askOnce(url, method, path, { body, token, signal, key }) {
  const response = await fetch(url + path, {
    method,
    ...(signal && { signal }),
    headers: {
      ...(method !== 'GET' && { 'idempotency-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { response, text: await response.text() };
}
