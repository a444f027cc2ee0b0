import { pageOf, type Quirks } from '../../faults/quirks.js';
import type { Asked, Budget, Call, Refusal, Reply, VendorView } from '../../http/exchange.js';
import type { Property } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { lotsOf, onCommittee, plainName, telephones, type LotRow } from '../lots.js';
import { ok, wholeNumber } from '../rest.js';

export interface StrataMaxAccess {
  readonly apiKey: string;
}

/**
 * UNVERIFIED. No reference of StrataMax is public: addresses, fields, paging and errors are a plain choice of ours. Known are only a base
 * address with one key, and what a partner imports: sites, lot owners, a committee flag, levy balances, no tenants (research/pms-apis.md 2.1).
 */
export class StrataMax implements VendorView {
  constructor(
    private readonly world: World,
    private readonly access: StrataMaxAccess,
  ) {}

  read(asked: Asked): Call | Reply {
    if (asked.headers['x-api-key'] !== this.access.apiKey) return failure(401, 'unauthorised', 'The API key is not known.');
    const [, id, lots] = /^\/api\/v1\/sites(?:\/(\d+)(\/lots)?)?$/.exec(asked.path) ?? [];
    const mine = this.world.propertiesOf('stratamax');
    if (asked.verb === 'GET' && asked.path === '/api/v1/sites') {
      return call('GET /api/v1/sites', null, (quirks) =>
        list(asked, quirks.has('empty-list') ? [] : mine, (one) => this.#site(one), quirks),
      );
    }
    const site = mine.find((one) => one.id === id);
    if (asked.verb !== 'GET' || site === undefined) return failure(404, 'not-found', 'There is nothing at this address.');
    if (lots === undefined) return call('GET /api/v1/sites/{siteId}', site.id, (quirks) => ok(this.#site(site), quirks));
    const view = (row: LotRow) => lotOf(this.world, site, row);
    return call('GET /api/v1/sites/{siteId}/lots', site.id, (quirks) =>
      list(asked, lotsOf(this.world, site, quirks), view, quirks),
    );
  }

  refuse(how: Refusal): Reply {
    if (how === 'unauthorized') return failure(401, 'unauthorised', 'The API key is not known.');
    if (how === 'forbidden') return failure(403, 'error', 'The request could not be completed.');
    if (how === 'rate-limited') return failure(429, 'too-many-requests', 'Too many requests.');
    return failure(500, 'error', 'An unexpected error occurred.');
  }

  budget({ exceeded, retryAfterSeconds }: Budget): Record<string, string> {
    return exceeded ? { 'Retry-After': String(retryAfterSeconds) } : {};
  }

  #site({ id, plan, name, street, city, state, postcode }: Property): Record<string, unknown> {
    const address = { street, suburb: city, state, postcode };
    return { siteId: id, planNumber: plan, name, address, lotCount: this.world.unitsOf(id).length };
  }
}

function call(method: string, propertyId: string | null, answer: Call['answer']): Call {
  return { method, propertyId, lane: 'all', answer };
}

function failure(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code, message } } };
}

function list<T>(asked: Asked, rows: readonly T[], view: (row: T) => unknown, quirks: Quirks): Reply {
  const size = wholeNumber(asked.query.get('pageSize'), 100, 1, 500);
  const page = pageOf(rows, wholeNumber(asked.query.get('page'), 1, 1, Number.MAX_SAFE_INTEGER), size, quirks);
  return ok({ items: page.rows.map(view), page: page.page, pageSize: size, totalItems: page.total }, quirks);
}

/** All owners of a lot, each on a card of their own; the name is one string. */
function lotOf(world: World, site: Property, { id, unit, ownership, owners }: LotRow): Record<string, unknown> {
  return {
    lotId: id,
    lotNumber: unit.number,
    unitNumber: unit.number,
    ownerOccupied: ownership?.occupies ?? false,
    levyBalance: (ownership?.balance ?? 0) / 100,
    contacts: owners.map((owner) => {
      const position = onCommittee(world, site.id, owner.id);
      return {
        contactId: owner.id,
        roll: 'Owner',
        name: plainName(owner),
        ...(owner.email === null ? {} : { email: owner.email }),
        ...telephones(owner),
        committeeMember: position !== null,
        ...(position === null ? {} : { committeePosition: position }),
      };
    }),
  };
}
