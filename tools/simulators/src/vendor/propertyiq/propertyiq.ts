import { pageOf, type Quirks } from '../../faults/quirks.js';
import type { Asked, Budget, Call, Refusal, Reply, VendorView } from '../../http/exchange.js';
import type { Property } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { lotsOf, onCommittee, plainName, telephones, type LotRow } from '../lots.js';
import { ok, wholeNumber } from '../rest.js';
import { grantedTo, Tokens, type PropertyIqAccess } from './tokens.js';

/** Built to what two public integrations do (research/pms-apis.md 2.2). The names of the lot's own flags are ours: unverified. */
export class PropertyIq implements VendorView {
  readonly #tokens: Tokens;

  constructor(
    private readonly world: World,
    private readonly access: PropertyIqAccess,
    nowMs: () => number,
  ) {
    this.#tokens = new Tokens(nowMs);
  }

  read(asked: Asked): Call | Reply {
    if (asked.path === '/oauth/access_token') return this.#token(asked);
    if (!this.#tokens.knows(asked.headers.authorization))
      return failure(401, 'access_denied', 'The access token is missing or has expired.');
    if (asked.verb !== 'GET') return failure(405, 'method_not_allowed', 'This address is for reading.');
    const [, kind = '', id, below] = /^\/api\/(buildings|lots)(?:\/(\d+)(?:\/(lots|ledger))?)?$/.exec(asked.path) ?? [];
    if (kind === 'buildings' && below !== 'ledger') return this.#buildings(asked, id, below === 'lots');
    const unit = kind === 'lots' && below === 'ledger' ? this.world.units.get(id ?? '') : undefined;
    if (unit === undefined) return failure(404, 'not_found', 'There is nothing at this address.');
    return call('GET /api/lots/{id}/ledger', unit.propertyId, (quirks) => this.#ledger(asked, unit.id, quirks));
  }

  refuse(how: Refusal): Reply {
    if (how === 'unauthorized') return failure(401, 'access_denied', 'The access token is missing or has expired.');
    if (how === 'forbidden') return failure(403, 'forbidden', 'The request could not be completed.');
    if (how === 'rate-limited') return failure(429, 'too_many_requests', 'Too many attempts.');
    return failure(500, 'server_error', 'Something went wrong.');
  }

  budget({ exceeded, retryAfterSeconds }: Budget): Record<string, string> {
    return exceeded ? { 'Retry-After': String(retryAfterSeconds) } : {};
  }

  #token(asked: Asked): Call | Reply {
    if (asked.verb !== 'POST') return failure(405, 'method_not_allowed', 'Ask with POST.');
    const granted = grantedTo(asked, this.access);
    if (typeof granted === 'object') return granted;
    return call('POST /oauth/access_token', null, (quirks) => ok(this.#tokens.issue(), quirks));
  }

  #buildings(asked: Asked, id: string | undefined, lots: boolean): Call | Reply {
    const mine = this.world.propertiesOf('propertyiq');
    if (id === undefined) {
      const plan = asked.query.get('splan');
      const found = mine.filter((one) => one.plan === (plan ?? one.plan));
      return call('GET /api/buildings', null, (quirks) => list(asked, quirks.has('empty-list') ? [] : found, buildingOf, quirks));
    }
    const property = mine.find((one) => one.id === id);
    if (property === undefined) return failure(404, 'not_found', 'There is no such building.');
    if (!lots) return call('GET /api/buildings/{id}', id, (quirks) => ok({ data: buildingOf(property) }, quirks));
    const withContact = (asked.query.get('include') ?? '').split(',').includes('ownerContact');
    const view = (row: LotRow) => lotOf(this.world, property, row, withContact);
    return call('GET /api/buildings/{id}/lots', id, (quirks) => list(asked, lotsOf(this.world, property, quirks), view, quirks));
  }

  #ledger(asked: Asked, unitId: string, quirks: Quirks): Reply {
    const ownership = this.world.leasesIn(unitId).findLast(({ kind }) => kind === 'ownership');
    const due = (ownership?.balance ?? 0) / 100;
    if (asked.query.get('summary') === 'true')
      return ok({ data: { totalDue: 1_000 + due, totalPaid: 1_000, totalNett: due } }, quirks);
    const levy = (details: string, totalDue: number, totalPaid: number) => {
      return {
        type: 'levy',
        details,
        reference: `LV${unitId}`,
        totalDue,
        totalPaid,
        totalNett: totalDue - totalPaid,
        date: this.world.today,
      };
    };
    const rows = [levy('Administrative fund', 1_000, 1_000), ...(due > 0 ? [levy('Capital works fund', due, 0)] : [])];
    return list(asked, rows, (row) => row, quirks);
  }
}

function call(method: string, propertyId: string | null, answer: Call['answer']): Call {
  return { method, propertyId, lane: 'all', answer };
}

export function failure(status: number, error: string, description: string): Reply {
  return { status, body: { error, error_description: description } };
}

/** The end is told by `links.next` alone. */
function list<T>(asked: Asked, rows: readonly T[], view: (row: T) => unknown, quirks: Quirks): Reply {
  const size = wholeNumber(asked.query.get('number'), 50, 1, 200);
  const page = pageOf(rows, wholeNumber(asked.query.get('page'), 1, 1, Number.MAX_SAFE_INTEGER), size, quirks);
  const query = new URLSearchParams(asked.query);
  query.set('page', String(page.page + 1));
  const next = page.hasNext ? `${asked.base}${asked.path}?${query.toString()}` : null;
  return ok({ data: page.rows.map(view), links: { next } }, quirks);
}

function buildingOf({ id, plan, name, street, city, state, postcode }: Property): Record<string, unknown> {
  const [streetNo = '', ...streetName] = street.split(' ');
  const place = { streetNo, streetName: streetName.join(' '), suburb: city, state, postcode };
  return { id: Number(id), splan: plan, buildingName: name, ...place };
}

/** One contact per lot, the first owner: what else is known of the owners is in the name (levy privacy). */
function lotOf(
  world: World,
  property: Property,
  { id, unit, ownership, owners }: LotRow,
  withContact: boolean,
): Record<string, unknown> {
  const [first] = owners;
  const contact = first === undefined ? null : { data: { id: Number(first.id), ...contactOf(first) } };
  return {
    id: Number(id),
    lotNumber: unit.number,
    unitNumber: unit.number,
    ownerName: owners.map(plainName).join(' & '),
    ownerOccupier: ownership?.occupies ?? false,
    committeeMember: owners.some((owner) => onCommittee(world, property.id, owner.id) !== null),
    unitOfEntitlement1: 10,
    ...(withContact ? { ownerContact: contact } : {}),
  };
}

function contactOf(owner: LotRow['owners'][number]): Record<string, unknown> {
  const { mobile, phone } = telephones(owner);
  return {
    name: plainName(owner),
    salutation: owner.preferred ?? owner.firstName,
    ...(owner.email === null ? {} : { email: owner.email }),
    ...(phone === undefined ? {} : { phone1: phone }),
    ...(mobile === undefined ? {} : { mobile }),
  };
}
