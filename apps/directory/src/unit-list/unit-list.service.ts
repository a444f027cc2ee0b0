import type {
  listUnits,
  OrgId,
  OutputOf,
  ParsedInputOf,
  PropertyScope,
  resolveUnits,
  UnitFilter,
  UnitId,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { visibleIn } from '../property-scope.rules.js';
import { searchFor } from '../resident-list/resident-filter.rules.js';
import { ResidentRepository } from '../resident/resident.repository.js';
import { toUnit, UnitRepository } from '../unit/unit.repository.js';

@Injectable()
export class UnitListService {
  constructor(
    private readonly units: UnitRepository,
    private readonly residents: ResidentRepository,
  ) {}

  async list(input: ParsedInputOf<typeof listUnits>, call: Call): Promise<OutputOf<typeof listUnits>> {
    const { limit, cursor, sort, withTotal, ...filter } = input;
    const query = await this.matching(filter, call);
    if (query === null) return { items: [], nextCursor: null, ...(withTotal === true && { total: 0 }) };
    const page = await this.units.page(query, {
      sort: { sortKey: sort.startsWith('-') ? -1 : 1 },
      limit,
      cursor,
      withTotal: withTotal === true,
      asked: [filter, call.actor.properties],
    });
    const living = await this.#living(
      call,
      page.items.map(({ _id }) => _id),
    );
    return { ...page, items: page.items.map((doc) => toUnit(doc, { residents: living.get(doc._id) ?? 0 })) };
  }

  async resolve(
    { selection, limit, cursor }: ParsedInputOf<typeof resolveUnits>,
    call: Call,
  ): Promise<OutputOf<typeof resolveUnits>> {
    const query = await this.matching('ids' in selection ? {} : selection.filter, call);
    if (query === null) return { items: [], nextCursor: null };
    const chosen = 'ids' in selection ? { _id: { $in: selection.ids } } : { $nor: [{ _id: { $in: selection.except } }] };
    const page = await this.units.page({ ...query, ...chosen }, { sort: {}, limit, cursor, asked: selection });
    return {
      items: page.items.map(({ _id, propertyId, upstreamId }) => ({ id: _id, propertyId, upstreamId })),
      nextCursor: page.nextCursor,
    };
  }

  /** Null where nothing can match. */
  async matching(
    { propertyId, building, search, occupied, deletedUpstream }: z.output<typeof UnitFilter>,
    { orgId, actor }: { readonly orgId: OrgId; readonly actor: { readonly properties: PropertyScope } },
  ) {
    const scope = visibleIn(actor, propertyId);
    if (scope === null) return null;
    const lived = occupied === undefined ? [] : await this.#livedIn(orgId, scope);
    return {
      orgId,
      ...scope,
      ...(building !== undefined && { building }),
      ...(deletedUpstream !== undefined && { deletedUpstreamAt: deletedUpstream ? { $ne: null } : null }),
      ...(occupied !== undefined && { _id: occupied ? { $in: lived } : { $nin: lived } }),
      ...(search !== undefined && searchFor(search)),
    };
  }

  async #livedIn(orgId: Call['orgId'], scope: object): Promise<UnitId[]> {
    const rows = await this.residents.aggregate({ orgId, ...scope, state: 'active', 'unitIds.0': { $exists: true } }, [
      { $unwind: '$unitIds' },
      { $group: { _id: '$unitIds' } },
    ]);
    return rows.flatMap(({ _id }) => (isUnitId(_id) ? [_id] : []));
  }

  async #living({ orgId }: Call, ids: readonly UnitId[]): Promise<ReadonlyMap<string, number>> {
    if (ids.length === 0) return new Map();
    const rows = await this.residents.aggregate({ orgId, unitIds: { $in: [...ids] }, state: 'active' }, [
      { $unwind: '$unitIds' },
      { $group: { _id: '$unitIds', count: { $sum: 1 } } },
    ]);
    return new Map(rows.map(({ _id, count }) => [String(_id), Number(count)]));
  }
}

const isUnitId = (value: unknown): value is UnitId => typeof value === 'string' && value.startsWith('unit_');
