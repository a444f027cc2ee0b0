import type {
  countResidents,
  listResidents,
  OrgId,
  OutputOf,
  ParsedInputOf,
  PropertyId,
  PropertyScope,
  ResidentFilter,
  resolveResidents,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import type { TenantFilter } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { visibleIn } from '../property-scope.rules.js';
import { PropertyRepository, type LastSweeps } from '../property/property.repository.js';
import {
  ResidentRepository,
  searchIndex,
  shownFields,
  toResident,
  type ResidentDoc,
  type ShownDoc,
} from '../resident/resident.repository.js';
import { alikeOf } from './alike.rules.js';
import { counted } from './facets.rules.js';
import {
  isBySearch,
  isByWords,
  queryWithoutFacets,
  residentQuery,
  sortOf,
  withoutFacets,
  type SweptSince,
} from './resident-filter.rules.js';

interface Who {
  readonly orgId: OrgId;
  readonly properties: PropertyScope;
}

const Group = z.object({ _id: z.string(), count: z.number() });

@Injectable()
export class ResidentListService {
  constructor(
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyRepository,
  ) {}

  async list({ sort, limit, cursor, withTotal, ...asked }: ParsedInputOf<typeof listResidents>, call: Call) {
    const who = whoOf(call);
    const filter = await this.matching(who, asked);
    if (filter === null) return { items: [], nextCursor: null, ...(withTotal && { total: 0 }) };
    const [page, sweeps] = await Promise.all([
      this.residents.page(filter, {
        sort: sortOf(sort),
        limit,
        cursor,
        withTotal: withTotal ?? false,
        asked: [who, asked],
        fields: shownFields,
        ...(isBySearch(asked) && { index: searchIndex }),
      }),
      // meanwhile: waiting for the page to say whose they are would take as long again
      this.properties.lastSweeps({ orgId: who.orgId, ...(filter.propertyId !== undefined && { _id: filter.propertyId }) }),
    ]);
    return { ...page, items: await this.shown(who, page.items, sweeps) };
  }

  async count(asked: ResidentFilter, call: Call): Promise<OutputOf<typeof countResidents>> {
    const who = whoOf(call);
    const filter = queryWithoutFacets(who.orgId, who, withoutFacets(asked), await this.#sweptSince(who, asked));
    const rows =
      filter === null
        ? []
        : await this.residents.aggregate(
            filter,
            [...(isBroad(filter) ? [{ $sort: { alike: 1 } }] : []), { $group: { _id: '$alike', count: { $sum: 1 } } }],
            isByWords(asked) ? { index: searchIndex } : {},
          );
    return counted(
      asked,
      rows.map((row) => {
        const { _id: key, count } = Group.parse(row);
        return alikeOf(key, count);
      }),
    );
  }

  async resolve({ selection, limit, cursor }: ParsedInputOf<typeof resolveResidents>, call: Call) {
    const who = whoOf(call);
    const filter = await this.selected(who, selection);
    if (filter === null) return { items: [], nextCursor: null };
    const { items, nextCursor } = await this.residents.page(filter, { sort: { _id: 1 }, limit, cursor, asked: [who, selection] });
    return { items: items.map(({ _id, propertyId, upstreamId }) => ({ id: _id, propertyId, upstreamId })), nextCursor };
  }

  /** Null where nothing can match. */
  async matching(who: Who, asked: ResidentFilter): Promise<TenantFilter<ResidentDoc> | null> {
    return residentQuery(who.orgId, who, asked, await this.#sweptSince(who, asked));
  }

  async shown({ orgId }: Pick<Who, 'orgId'>, docs: readonly ShownDoc[], known: LastSweeps = new Map()) {
    const others = new Set(docs.map(({ propertyId }) => propertyId).filter((id) => !known.has(id)));
    const more: LastSweeps = others.size === 0 ? known : await this.properties.lastSweeps({ orgId, _id: { $in: [...others] } });
    return docs.map((doc) => toResident(doc, { lastSweepAt: known.get(doc.propertyId) ?? more.get(doc.propertyId) ?? null }));
  }

  /** Null where nothing can match. */
  async selected(
    who: Who,
    selection: ParsedInputOf<typeof resolveResidents>['selection'],
  ): Promise<TenantFilter<ResidentDoc> | null> {
    if ('ids' in selection) {
      const scope = visibleIn(who);
      return scope === null ? null : { orgId: who.orgId, ...scope, _id: { $in: selection.ids } };
    }
    const filter = await this.matching(who, selection.filter);
    return filter === null || selection.except.length === 0 ? filter : { ...filter, _id: { $nin: selection.except } };
  }

  async #sweptSince({ orgId }: Who, { syncedBefore, syncedAfter }: ResidentFilter): Promise<SweptSince> {
    const since = async (at: string | undefined): Promise<PropertyId[]> => {
      if (at === undefined) return [];
      const swept = await this.properties.find({ orgId, lastSweepAt: { $gte: new Date(at) } }, { fields: ['lastSweepAt'] });
      return swept.map(({ _id }) => _id);
    };
    return { before: await since(syncedBefore), after: await since(syncedAfter) };
  }
}

const whoOf = ({ orgId, actor }: Call): Who => ({
  orgId,
  properties: actor.properties === 'all' ? 'all' : [...actor.properties],
});

/** Of an organization or some properties and nothing else: the order says which index has the answer in its keys. */
const isBroad = (filter: object): boolean => Object.keys(filter).every((key) => key === 'orgId' || key === 'propertyId');
