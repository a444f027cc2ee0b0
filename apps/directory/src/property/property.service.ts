import {
  DomainError,
  propertyAdded,
  propertyArchived,
  propertyChanged,
  type adoptProperty,
  type archiveProperty,
  type createProperty,
  type listProperties,
  type OrgId,
  type ParsedInputOf,
  type Property,
  type PropertyId,
  type releaseProperty,
  type updateProperty,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { assertSees } from '../property-scope.rules.js';
import { ResidentRepository } from '../resident/resident.repository.js';
import { fold } from '../search-words.rules.js';
import { UnitRepository } from '../unit/unit.repository.js';
import { assertVersion } from '../version.rules.js';
import { PropertyChoreRepository } from './property-chore.repository.js';
import { PropertyRepository, toProperty, type PropertyDoc } from './property.repository.js';

type Counts = NonNullable<Property['counts']>;

@Injectable()
export class PropertyService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly properties: PropertyRepository,
    private readonly units: UnitRepository,
    private readonly residents: ResidentRepository,
    private readonly chores: PropertyChoreRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** The property, or `not-found`: also where it is outside of what the caller may see. */
  async visible(call: Call, propertyId: PropertyId, tx?: Tx): Promise<PropertyDoc> {
    assertSees(call.actor, propertyId, propertyId);
    return this.properties.get({ orgId: call.orgId, _id: propertyId }, tx && { tx });
  }

  async create(input: ParsedInputOf<typeof createProperty>, call: Call): Promise<Property> {
    if (call.actor.properties !== 'all')
      throw new DomainError('forbidden', 'Your account is limited to some properties. Ask an owner to add one.');
    return this.work.run(call, async (tx) => toProperty(await this.#add(tx, input, { connectionId: null, upstreamId: null })));
  }

  async adopt({ linkTo, ...input }: ParsedInputOf<typeof adoptProperty>, call: Call): Promise<Property> {
    const { orgId } = call;
    const { connectionId, upstreamId } = input;
    return this.work.run(call, async (tx) => {
      const adopted = await this.properties.findOne({ orgId, connectionId, upstreamId }, { tx });
      if (adopted) return toProperty(adopted);
      if (linkTo === undefined) {
        const name = await this.#freeName(tx, input.name, upstreamId);
        return toProperty(await this.#add(tx, { ...input, name }, { connectionId, upstreamId }));
      }
      const own = await this.visible(call, linkTo, tx);
      if (own.connectionId !== null)
        throw new DomainError('property.already-linked', `${own.name} is kept in step with another PMS. Release it there first.`);
      return this.#change(tx, { ...own, connectionId, upstreamId });
    });
  }

  async release({ propertyId, residents }: ParsedInputOf<typeof releaseProperty>, call: Call): Promise<Property> {
    return this.work.run(call, async (tx) => {
      const own = await this.visible(call, propertyId, tx);
      // from now on the dates decide that are known, and staff
      await this.chores.add(tx, propertyId, residents === 'archive' ? 'archive-residents' : 'reevaluate');
      if (own.connectionId === null) return toProperty(own);
      return this.#change(tx, { ...own, connectionId: null, upstreamId: null });
    });
  }

  async get(propertyId: PropertyId, call: Call): Promise<Property> {
    const own = await this.visible(call, propertyId);
    return toProperty(own, (await this.#countsOf(call.orgId, [propertyId]))(propertyId));
  }

  async list(input: ParsedInputOf<typeof listProperties>, call: Call) {
    const { limit, cursor, search, state, kind, importMode, started, connectionId, withCounts, withTotal } = input;
    const { properties } = call.actor;
    const filter = {
      orgId: call.orgId,
      state,
      ...(kind !== undefined && { kind }),
      ...(importMode !== undefined && { importMode }),
      ...(started !== undefined && { serviceStartedAt: started ? { $type: 'date' as const } : null }),
      ...(connectionId !== undefined && { connectionId }),
      ...(properties !== 'all' && { _id: { $in: [...properties] } }),
      ...(search !== undefined && { nameKey: containing(search) }),
    };
    const page = await this.properties.page(filter, {
      sort: { nameKey: 1 },
      limit,
      cursor,
      withTotal: withTotal === true,
      asked: [state, kind, search, properties, importMode, started, connectionId],
    });
    if (withCounts !== true) return { ...page, items: page.items.map((doc) => toProperty(doc)) };
    const ids = page.items.map(({ _id }) => _id);
    const counts = await this.#countsOf(call.orgId, ids);
    return { ...page, items: page.items.map((doc) => toProperty(doc, counts(doc._id))) };
  }

  async update({ propertyId, version, ...input }: ParsedInputOf<typeof updateProperty>, call: Call): Promise<Property> {
    return this.work.run(call, async (tx) => {
      const own = await this.visible(call, propertyId, tx);
      assertVersion(own, version);
      const { name, timeZone, country, address, language, importMode } = input;
      const otherZone = timeZone !== undefined && timeZone !== own.timeZone;
      const otherLanguage = language !== undefined && language !== (own.language ?? null);
      if (otherZone || otherLanguage) await this.chores.add(tx, propertyId, 'reevaluate');
      return this.#change(tx, {
        ...own,
        ...(name !== undefined && { name, nameKey: fold(name) }),
        ...(country !== undefined && { country }),
        ...(address !== undefined && { address }),
        ...(language !== undefined && { language }),
        ...(importMode !== undefined && { importMode, importModeSetByStaff: true }),
        ...(timeZone !== undefined && { timeZone }),
      });
    });
  }

  async archive({ propertyId, version }: ParsedInputOf<typeof archiveProperty>, call: Call): Promise<Property> {
    return this.work.run(call, async (tx) => {
      const own = await this.visible(call, propertyId, tx);
      assertVersion(own, version);
      if (own.state === 'archived') return toProperty(own);
      assertDisconnected(own);
      const living = await this.residents.count(
        { orgId: call.orgId, propertyId, state: { $in: ['active', 'pending-import'] } },
        { tx, upTo: 1 },
      );
      if (living > 0)
        throw new DomainError('property.in-use', `People live in ${own.name}. Archive them or let them move out first.`);
      const saved = await this.properties.save(tx, { ...own, state: 'archived' });
      tx.publish(propertyArchived, { property: toProperty(saved) }, about(saved));
      return toProperty(saved);
    });
  }

  /** Counted from the keys of an index, for a page of properties at once. */
  async #countsOf(orgId: OrgId, ids: readonly PropertyId[]): Promise<(id: PropertyId) => Counts> {
    const here = { orgId, propertyId: { $in: [...ids] } };
    const [units, residents] = await Promise.all([
      this.units.aggregate(here, [{ $group: { _id: '$propertyId', count: { $sum: 1 } } }]),
      this.residents.aggregate({ ...here, state: { $in: ['active', 'pending-import'] } }, [
        { $group: { _id: { $concat: ['$propertyId', ' ', '$state'] }, count: { $sum: 1 } } },
      ]),
    ]);
    const counts = new Map([...units, ...residents].map(({ _id, count }) => [String(_id), Number(count)]));
    return (id) => ({
      units: counts.get(id) ?? 0,
      residents: counts.get(`${id} active`) ?? 0,
      pendingImport: counts.get(`${id} pending-import`) ?? 0,
    });
  }

  async #add(
    tx: Tx,
    input: ParsedInputOf<typeof createProperty>,
    link: Pick<PropertyDoc, 'connectionId' | 'upstreamId'>,
  ): Promise<PropertyDoc> {
    const { name, kind, timeZone, country, currency, address, language } = input;
    const saved = await this.properties.insert(tx, {
      _id: this.ids.next('prop'),
      orgId: tx.orgId,
      name,
      nameKey: fold(name),
      kind,
      timeZone,
      country,
      currency,
      address,
      language,
      // in a strata, staff choose whom to welcome; in a rental, the lease has
      importMode: kind === 'strata' ? 'manual' : 'automatic',
      importModeSetByStaff: false,
      importedOnce: false,
      serviceStartedAt: null,
      ...link,
      policyChanges: {},
      lastSweepAt: null,
      state: 'active',
    });
    tx.publish(propertyAdded, { property: toProperty(saved) }, about(saved));
    return saved;
  }

  async #change(tx: Tx, doc: PropertyDoc): Promise<Property> {
    const saved = await this.properties.save(tx, doc);
    tx.publish(propertyChanged, { property: toProperty(saved) }, about(saved));
    return toProperty(saved);
  }

  /** Two buildings of two connections may have one name; adopting is not the moment to be asked for another. */
  async #freeName(tx: Tx, name: string, upstreamId: string): Promise<string> {
    const taken = await this.properties.findOne({ orgId: tx.orgId, state: 'active', nameKey: fold(name) }, { tx });
    return taken ? `${name} (${upstreamId})`.slice(0, 200) : name;
  }
}

export function assertInUse({ name, state }: PropertyDoc): void {
  if (state === 'archived') throw new DomainError('conflict.state', `${name} is archived. Choose another property.`);
}
/** What its PMS says of an archived property would have nobody to tell. */
export function assertDisconnected({ name, connectionId }: PropertyDoc): void {
  if (connectionId !== null)
    throw new DomainError('property.connected', `A PMS keeps ${name} in step. Disconnect it under its connection first.`);
}
export const about = (doc: PropertyDoc) => ({ _id: doc._id, version: doc.version, propertyId: doc._id });
const containing = (search: string): RegExp => new RegExp(fold(search).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
