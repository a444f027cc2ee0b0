import {
  DomainError,
  UnitId,
  type countUnits,
  type listUnits,
  type OutputOf,
  type ParsedInputOf,
  type resolveUnits,
  type Unit,
} from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { pageOfRows, type TenantFilter } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { policyOf } from '../property/policy.rules.js';
import { PropertyRepository } from '../property/property.repository.js';
import { ResidentRepository } from '../resident/resident.repository.js';
import { toUnit, UnitRepository, type UnitDoc } from '../unit/unit.repository.js';
import { countedUnits, unitQuery, unitScope, type AskedUnits, type Seeing } from './unit-filter.js';
import { lightOf } from './unit-light.rules.js';
import { orderedBy } from './unit-order.rules.js';

const mostWorkedOut = 5_000;

const Living = z.object({ _id: UnitId, count: z.number(), newsAt: z.date().nullable() });
const Group = z.object({
  _id: z.object({ building: z.string().nullable(), byHand: z.boolean(), deleted: z.boolean(), bedrooms: z.number() }),
  count: z.number(),
});

@Injectable()
export class UnitListService {
  constructor(
    private readonly units: UnitRepository,
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(input: ParsedInputOf<typeof listUnits>, call: Call): Promise<OutputOf<typeof listUnits>> {
    const { limit, cursor, sort, withTotal, ...filter } = input;
    const who = whoOf(call);
    const query = await this.matching(who, filter);
    if (query === null) return { items: [], nextCursor: null, ...(withTotal === true && { total: 0 }) };
    const order = orderedBy(sort);
    if (order !== null) {
      const all = await this.shown(who, await this.#fewEnough(query));
      const { total, ...page } = pageOfRows(all, order.orderOf, { ...order, limit, cursor, asked: [sort, filter, who] });
      return { ...page, ...(withTotal === true && { total }) };
    }
    const page = await this.units.page(query, {
      sort: { sortKey: sort.startsWith('-') ? -1 : 1 },
      limit,
      cursor,
      withTotal: withTotal === true,
      asked: [filter, who.properties],
    });
    return { ...page, items: await this.shown(who, page.items) };
  }

  async count(asked: AskedUnits, call: Call): Promise<OutputOf<typeof countUnits>> {
    const who = whoOf(call);
    const { building: _b, source: _s, deletedUpstream: _d, bedrooms: _n, ...rest } = asked;
    const query = await this.matching(who, rest);
    const alike = {
      building: '$building',
      byHand: { $eq: ['$upstreamId', null] },
      deleted: { $ne: ['$deletedUpstreamAt', null] },
      bedrooms: { $size: '$bedrooms' },
    };
    const rows = query === null ? [] : await this.units.aggregate(query, [{ $group: { _id: alike, count: { $sum: 1 } } }]);
    return countedUnits(
      asked,
      rows.map((row) => {
        const { _id, count } = Group.parse(row);
        const values = {
          building: _id.building ?? '',
          source: _id.byHand ? 'staff' : 'pms',
          deletedUpstream: String(_id.deleted),
          bedrooms: String(_id.bedrooms),
        };
        return { count, values };
      }),
    );
  }

  async resolve(
    { selection, limit, cursor }: ParsedInputOf<typeof resolveUnits>,
    call: Call,
  ): Promise<OutputOf<typeof resolveUnits>> {
    const query = await this.matching(whoOf(call), 'ids' in selection ? {} : selection.filter);
    if (query === null) return { items: [], nextCursor: null };
    const chosen = 'ids' in selection ? { _id: { $in: selection.ids } } : { $nor: [{ _id: { $in: selection.except } }] };
    const page = await this.units.page({ ...query, ...chosen }, { sort: {}, limit, cursor, asked: selection });
    const residents = await this.#upstreamIn(call.orgId, page.items);
    return {
      items: page.items.map(({ _id, propertyId, upstreamId }) => ({
        ...{ id: _id, propertyId, upstreamId },
        residents: residents.get(_id) ?? [],
      })),
      nextCursor: page.nextCursor,
    };
  }

  /** Who lives in each of them or will, by what the PMS calls them. */
  async #upstreamIn(orgId: Seeing['orgId'], docs: readonly UnitDoc[]): Promise<Map<UnitId, string[]>> {
    const unitIds = docs.map(({ _id }) => _id);
    const found = await this.residents.find(
      { orgId, unitIds: { $in: unitIds }, state: { $ne: 'archived' }, upstreamId: { $ne: null } },
      { fields: ['unitIds', 'upstreamId'] },
    );
    const byUnit = new Map<UnitId, string[]>(unitIds.map((id) => [id, []]));
    for (const resident of found)
      for (const unitId of resident.unitIds) if (resident.upstreamId !== null) byUnit.get(unitId)?.push(resident.upstreamId);
    return byUnit;
  }

  /** An order that is worked out needs all of them. */
  async #fewEnough(query: TenantFilter<UnitDoc>): Promise<UnitDoc[]> {
    const docs = await this.units.find(query, { limit: mostWorkedOut + 1 });
    if (docs.length <= mostWorkedOut) return docs;
    throw new DomainError(
      'invalid-input',
      `There are more than ${mostWorkedOut.toLocaleString('en')} such units, too many for this order. Choose a property, or order by name.`,
    );
  }

  /** Null where nothing can match. */
  async matching(who: Seeing, asked: AskedUnits) {
    return unitQuery(who, asked, asked.occupied === undefined ? [] : await this.#livedIn(who, asked));
  }

  /** With who lives there and what the last sync made of it. */
  async shown({ orgId }: Pick<Seeing, 'orgId'>, docs: readonly UnitDoc[]): Promise<Unit[]> {
    if (docs.length === 0) return [];
    const propertyIds = [...new Set(docs.map(({ propertyId }) => propertyId))];
    const [living, found] = await Promise.all([
      this.#living(orgId, docs),
      this.properties.find({ orgId, _id: { $in: propertyIds } }),
    ]);
    const swept = new Map(
      found.map((own) => [own._id, { lastSweepAt: own.lastSweepAt, staleAfterDays: policyOf(own).staleAfterDays }]),
    );
    const now = this.clock.now();
    return docs.map((doc) => {
      const here = living.get(doc._id);
      const property = swept.get(doc.propertyId);
      const syncLight = lightOf({ ...doc, newsAt: later(doc.lastSyncedAt, here?.newsAt ?? null) }, property, now);
      const synced = doc.upstreamId === null || doc.deletedUpstreamAt !== null ? null : (property?.lastSweepAt ?? null);
      const lastSyncedAt = later(doc.lastSyncedAt, synced);
      return toUnit({ ...doc, lastSyncedAt }, { residents: here?.count ?? 0, syncLight });
    });
  }

  async #livedIn(who: Seeing, asked: AskedUnits): Promise<UnitId[]> {
    const scope = unitScope(who, asked);
    if (scope === null) return [];
    const rows = await this.residents.aggregate({ orgId: who.orgId, ...scope, state: 'active', 'unitIds.0': { $exists: true } }, [
      { $unwind: '$unitIds' },
      { $group: { _id: '$unitIds' } },
    ]);
    return rows.map(({ _id }) => UnitId.parse(_id));
  }

  async #living(orgId: Seeing['orgId'], docs: readonly UnitDoc[]) {
    const ids = docs.map(({ _id }) => _id);
    const rows = await this.residents.aggregate({ orgId, unitIds: { $in: ids }, state: 'active' }, [
      { $unwind: '$unitIds' },
      { $group: { _id: '$unitIds', count: { $sum: 1 }, newsAt: { $max: '$lastSyncedAt' } } },
    ]);
    return new Map(rows.map((row) => Living.parse(row)).map((row) => [row._id, row]));
  }
}

const later = (a: Date | null, b: Date | null): Date | null => (a !== null && (b === null || a > b) ? a : b);
const whoOf = ({ orgId, actor }: Call): Seeing => ({
  orgId,
  properties: actor.properties === 'all' ? 'all' : [...actor.properties],
});
