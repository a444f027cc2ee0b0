import { type Asked, type Budget, type Call, listIn, type Refusal, type Reply, type VendorView } from '../../http/exchange.js';
import type { Quirks } from '../../faults/quirks.js';
import type { Property } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { Body, failure, param, success } from './envelope.js';
import { getLeases, type LeasesAsked } from './get-leases.js';
import { getProperties, getPropertyUnits } from './get-places.js';
import { getTransactions } from './get-transactions.js';
import { statusIds } from './words.js';

export interface EntrataAccess {
  readonly subdomain: string;
  readonly username: string;
  readonly password: string;
  readonly apiKey: string;
}

type Generation = 'gateway' | 'legacy';
interface Address {
  readonly generation: Generation;
  readonly subdomain: string | null;
  readonly service: string;
}

/** Both generations of addresses (research/pms-apis.md 1.2). The legacy one has the organization in its host name, here optionally in the path. */
function addressOf(path: string): Address | null {
  const gateway = /^\/ext\/orgs\/([^/]+)\/v1\/([a-z]+)$/.exec(path);
  if (gateway !== null) return { generation: 'gateway', subdomain: gateway[1] ?? '', service: gateway[2] ?? '' };
  const legacy = /^(?:\/([\w-]+))?\/api\/(?:v1\/)?([a-z]+)$/.exec(path);
  return legacy === null ? null : { generation: 'legacy', subdomain: legacy[1] ?? null, service: legacy[2] ?? '' };
}

type Method = (about: LeasesAsked & { readonly properties: readonly Property[] }, quirks: Quirks) => Reply;

export class Entrata implements VendorView {
  readonly #methods: Readonly<Record<string, Method>> = {
    'status.getStatus': ({ requestId }, quirks) =>
      success(requestId, { status: 'Success', message: 'API service is available and running.' }, quirks),
    'appinfo.getAccessibleClients': ({ requestId }, quirks) =>
      success(requestId, { orgs: [{ subdomain: this.access.subdomain, id: 1, name: 'Simulated Living' }] }, quirks),
    'properties.getProperties': ({ requestId, properties }, quirks) => getProperties(requestId, properties, quirks),
    'propertyunits.getPropertyUnits': ({ requestId, properties }, quirks) =>
      getPropertyUnits(this.world, requestId, properties, quirks),
    'leases.getLeases': (about, quirks) => getLeases(this.world, about, quirks),
    'leases.getLeasePickList': ({ requestId }, quirks) => success(requestId, pickList(), quirks),
    'artransactions.getLeaseArTransactions': (about, quirks) => getTransactions(this.world, about, quirks),
  };

  constructor(
    private readonly world: World,
    private readonly access: EntrataAccess,
  ) {}

  read(asked: Asked): Call | Reply {
    const address = addressOf(asked.path);
    if (address === null || asked.verb !== 'POST') return failure('0', 404, 404, 'The requested URL was not found.');
    const body = bodyOf(asked.body);
    if (body === null) return failure('0', 400, 311, 'Invalid request: the body is not what this service reads.');
    const requestId = String(body.requestId ?? '15');
    const known = this.#knows(asked, address, body);
    if (known !== true) return known;
    const { name, version, params } = body.method;
    const method = this.#methods[`${address.service}.${name}`];
    if (method === undefined) return failure(requestId, 200, 305, `Method ${name} is not found in service ${address.service}.`);
    const one = onePropertyOf(name);
    const ids = listIn(param(params, one ? 'propertyId' : 'propertyIds'));
    const mine = this.world.propertiesOf('entrata');
    const properties = ids.length === 0 ? mine : mine.filter(({ id }) => ids.includes(id));
    if (one && ids.length !== 1) return failure(requestId, 200, 302, 'propertyId is required and must be a single property.');
    if (name === 'getPropertyUnits' && ids.length === 0) return failure(requestId, 200, 302, 'propertyIds is required.');
    if (properties.length < ids.length)
      return failure(requestId, 200, 303, 'You do not have permission to access this property.');
    return {
      method: name,
      propertyId: ids.length === 1 ? (ids[0] ?? null) : null,
      lane: `${name} ${asked.headers.authorization ?? this.access.apiKey}`,
      requestId,
      answer: (quirks) => {
        const [property] = properties;
        if (property === undefined) return failure(requestId, 200, 303, 'There is no property.');
        return method({ asked, requestId, version, params, property, properties }, quirks);
      },
    };
  }

  /** The gateway says 401; the legacy host said everything with 200. A missing permission is an error like any other. */
  refuse(how: Refusal, { requestId = '0' }: Call): Reply {
    if (how === 'unauthorized') return failure(requestId, 401, 401, 'Invalid credentials.');
    if (how === 'forbidden') return failure(requestId, 200, 500, 'An error occurred while processing the request.');
    if (how === 'rate-limited') return failure(requestId, 429, 429, 'The rate limit is exceeded.');
    return failure(requestId, 500, 500, 'Internal server error.');
  }

  budget({ windows, exceeded, retryAfterSeconds }: Budget): Record<string, string> {
    if (windows.length === 0) return {};
    return {
      'X-RateLimit-Limit': windows.map(({ unit, limit }) => `${limit}/${unit}`).join(';'),
      'X-RateLimit-Remaining': windows.map(({ unit, remaining }) => `${remaining}/${unit}`).join(';'),
      'X-RateLimit-Reset': windows.map(({ resetSeconds }) => resetSeconds).join(';'),
      ...(exceeded ? { 'Retry-After': String(retryAfterSeconds) } : {}),
    };
  }

  #knows({ headers }: Asked, { generation, subdomain }: Address, { auth, requestId }: Body): true | Reply {
    const id = String(requestId ?? '15');
    if (subdomain !== null && subdomain !== this.access.subdomain)
      return failure(id, 404, 404, 'The organization was not found.');
    if (generation === 'gateway') {
      const fits = auth.type === 'apikey' && headers['x-api-key'] === this.access.apiKey;
      return fits || failure(id, 401, 401, 'Invalid API key.');
    }
    const basic = Buffer.from(`${this.access.username}:${this.access.password}`).toString('base64');
    const fits = auth.type === 'basic' && headers.authorization === `Basic ${basic}`;
    return fits || failure(id, 200, 113, 'Username and/or password is incorrect.');
  }
}

function onePropertyOf(name: string): boolean {
  return name === 'getLeases' || name === 'getLeaseArTransactions';
}

function bodyOf(text: string): Body | null {
  try {
    return Body.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function pickList(): Record<string, unknown> {
  const leaseStatusType = Object.entries(statusIds).map(([name, id]) => ({ id, name, type: 'Lease' }));
  return { leaseStatusTypes: { leaseStatusType } };
}
