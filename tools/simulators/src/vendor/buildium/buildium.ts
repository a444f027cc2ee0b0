import type { Quirks } from '../../faults/quirks.js';
import type { Asked, Budget, Call, Refusal, Reply, VendorView } from '../../http/exchange.js';
import type { World } from '../../world/world.js';
import { Associations } from './associations.js';
import { BadRequest, failure, refusalOf } from './query.js';
import { Rentals } from './rentals.js';

export interface BuildiumAccess {
  readonly clientId: string;
  readonly clientSecret: string;
}

type Answer = (asked: Asked, id: string, quirks: Quirks) => Reply;

/** The read operations of the public OpenAPI document that a resident sync needs. */
export class Buildium implements VendorView {
  readonly #routes: readonly { path: string; like: RegExp; property: string | null; answer: Answer }[];

  constructor(
    world: World,
    private readonly access: BuildiumAccess,
  ) {
    const rentals = new Rentals(world);
    const associations = new Associations(world);
    this.#routes = [
      route('/v1/rentals', 'propertyids', (asked, _id, quirks) => rentals.properties(asked, quirks)),
      route('/v1/rentals/units', 'propertyids', (asked, _id, quirks) => rentals.units(asked, quirks)),
      route('/v1/rentals/{propertyId}', null, (_asked, id, quirks) => rentals.property(id, quirks)),
      route('/v1/rentals/units/{unitId}', null, (_asked, id, quirks) => rentals.unit(id, quirks)),
      route('/v1/leases', 'propertyids', (asked, _id, quirks) => rentals.leases(asked, quirks)),
      route('/v1/leases/tenants', 'propertyids', (asked, _id, quirks) => rentals.tenants(asked, quirks)),
      route('/v1/leases/tenants/{tenantId}', null, (_asked, id, quirks) => rentals.tenant(id, quirks)),
      route('/v1/leases/outstandingbalances', null, (asked, _id, quirks) => rentals.balances(asked, quirks)),
      route('/v1/leases/{leaseId}', null, (_asked, id, quirks) => rentals.lease(id, quirks)),
      route('/v1/leases/{leaseId}/moveouts', null, (asked, id, quirks) => rentals.moveOuts(asked, id, quirks)),
      route('/v1/associations', 'ids', (asked, _id, quirks) => associations.associations(asked, quirks)),
      route('/v1/associations/units', 'associationids', (asked, _id, quirks) => associations.units(asked, quirks)),
      route('/v1/associations/owners', 'associationids', (asked, _id, quirks) => associations.people(asked, 'ownership', quirks)),
      route('/v1/associations/owners/{ownerId}', null, (_asked, id, quirks) => associations.owner(id, quirks)),
      route('/v1/associations/owners/{ownerId}/units', null, (asked, id, quirks) => associations.ownerUnits(asked, id, quirks)),
      route('/v1/associations/tenants', 'associationids', (asked, _id, quirks) =>
        associations.people(asked, 'lot-tenancy', quirks),
      ),
      route('/v1/associations/ownershipaccounts', 'associationids', (asked, _id, quirks) => associations.accounts(asked, quirks)),
      route('/v1/associations/{associationId}', null, (_asked, id, quirks) => associations.association(id, quirks)),
      route('/v1/associations/{associationId}/boardmembers', null, (asked, id, quirks) => associations.board(asked, id, quirks)),
    ];
  }

  read(asked: Asked): Call | Reply {
    const { clientId, clientSecret } = this.access;
    const known =
      asked.headers['x-buildium-client-id'] === clientId && asked.headers['x-buildium-client-secret'] === clientSecret;
    if (!known) return failure(401, 'Unauthorized', "The API key couldn't be authorized.");
    const found = asked.verb === 'GET' ? this.#routes.find(({ like }) => like.test(asked.path)) : undefined;
    if (found === undefined) return failure(404, 'NotFound', 'Resource not found.');
    const id = found.like.exec(asked.path)?.[1] ?? '';
    const properties = found.property === null ? [] : asked.query.getAll(found.property);
    const propertyId = found.path.startsWith('/v1/associations/{associationId}')
      ? id
      : properties.length === 1
        ? (properties[0] ?? null)
        : null;
    return {
      method: `GET ${found.path}`,
      propertyId,
      lane: 'all',
      answer: (quirks) => answered(() => found.answer(asked, id, quirks)),
    };
  }

  refuse(how: Refusal): Reply {
    if (how === 'unauthorized') return failure(401, 'Unauthorized', "The API key couldn't be authorized.");
    if (how === 'forbidden')
      return failure(403, 'Forbidden', "The supplied credentials don't have permissions to access the resource.");
    if (how === 'rate-limited') return failure(429, 'TooManyRequests', 'Too many requests.');
    return failure(500, 'InternalServerError', 'An unexpected error occurred.');
  }

  budget({ exceeded, retryAfterSeconds }: Budget): Record<string, string> {
    return exceeded ? { 'Retry-After': String(retryAfterSeconds) } : {};
  }
}

/** The first that fits is it: fixed words stand before `{id}`, which is digits anyhow. */
function route(path: string, property: string | null, answer: Answer) {
  return { path, like: new RegExp(`^${path.replace(/\{\w+\}/, '(\\d+)')}$`), property, answer };
}

function answered(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    if (error instanceof BadRequest) return refusalOf(error);
    throw error;
  }
}
