/**
 * Connects the demo organization to the simulated property-management systems and adopts what they have, over the REST
 * API as staff would do it. It may be run again and again: what is connected already stays as it is.
 */

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
    if (there) {
      properties += there.properties;
      continue;
    }
    const { id } = await call('POST', '/v1/connections', wanted);
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
async function ask(url, method, path, { body, token, signal }) {
  const response = await fetch(url + path, {
    method,
    ...(signal && { signal }),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${String(response.status)}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
