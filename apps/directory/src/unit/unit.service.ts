import {
  DomainError,
  unitAdded,
  unitRemoved,
  unitRenamed,
  type BuildingId,
  type createUnit,
  type ParsedInputOf,
  type PropertyId,
  type removeUnits,
  type Unit,
  type UnitId,
  type updateUnit,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { assertSees, sees } from '../property-scope.rules.js';
import { assertInUse, PropertyService } from '../property/property.service.js';
import { ResidentRepository } from '../resident/resident.repository.js';
import type { PropertyDoc } from '../property/property.repository.js';
import { UnitListService } from '../unit-list/unit-list.service.js';
import { isSame } from '../same.rules.js';
import { assertVersion } from '../version.rules.js';
import { UnitSyncService } from './unit-sync.service.js';
import { toUnit, unitKeys, unitLabel, UnitRepository, type UnitDoc, type UnitName } from './unit.repository.js';

@Injectable()
export class UnitService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly units: UnitRepository,
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyService,
    private readonly list: UnitListService,
    private readonly sync: UnitSyncService,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async get(unitId: UnitId, call: Call): Promise<Unit> {
    const unit = await this.#visible(call, unitId);
    const [shown] = await this.list.shown(call, [unit]);
    return shown ?? toUnit(unit);
  }

  async create({ propertyId, building, number, bedrooms }: ParsedInputOf<typeof createUnit>, call: Call): Promise<Unit> {
    return this.work.run(call, async (tx) => {
      assertInUse(await this.properties.visible(call, propertyId, tx));
      const saved = await this.units.insert(tx, {
        _id: this.ids.next('unit'),
        orgId: call.orgId,
        propertyId,
        buildingId: await this.#building(tx, propertyId, building),
        building,
        number,
        bedrooms: bedrooms.map((name) => this.#bedroom(name)),
        source: 'staff',
        upstreamId: null,
        connectionId: null,
        lastSyncedAt: null,
        deletedUpstreamAt: null,
        ...unitKeys(building, number),
      });
      tx.publish(unitAdded, { unit: toUnit(saved) }, saved);
      return toUnit(saved);
    });
  }

  async update(input: ParsedInputOf<typeof updateUnit>, call: Call): Promise<Unit> {
    return this.work.run(call, async (tx) => {
      const own = await this.#visible(call, input.unitId, tx);
      assertVersion(own, input.version);
      const property = await this.properties.visible(call, own.propertyId, tx);
      const name = renamed(own, input);
      const { building, number } = name;
      const removed = new Set<string>(input.removeBedrooms ?? []);
      assertNotOfPms(own, property, removed);
      await this.#assertFree(tx, own, removed);
      const saved = await this.units.save(tx, {
        ...own,
        ...name,
        buildingId: building === own.building ? own.buildingId : await this.#building(tx, own.propertyId, building),
        bedrooms: [
          ...own.bedrooms.filter(({ id }) => !removed.has(id)),
          ...(input.addBedrooms ?? []).map((name) => this.#bedroom(name)),
        ],
        ...unitKeys(building, number),
      });
      tx.publish(unitRenamed, { unit: toUnit(saved) }, saved);
      if (unitLabel(saved) !== unitLabel(own)) await this.sync.relabel(tx, property, [saved]);
      return toUnit(saved);
    });
  }

  /** Each by itself: who lives in one does not keep the others. */
  async remove({ ids }: ParsedInputOf<typeof removeUnits>, call: Call) {
    return this.work.run(call, async (tx) => {
      const { orgId } = call;
      const found = await this.units.find({ orgId, _id: { $in: ids } }, { tx });
      const units = new Map(found.filter(({ propertyId }) => sees(call.actor, propertyId)).map((unit) => [unit._id, unit]));
      const living = await this.residents.find({ orgId, unitIds: { $in: ids }, state: { $ne: 'archived' } }, { tx });
      const occupied = new Map(living.flatMap((resident) => resident.unitIds.map((id) => [id, resident.displayName])));
      const removed: UnitId[] = [];
      const kept: { unitId: UnitId; reason: string }[] = [];
      for (const unitId of new Set(ids)) {
        const unit = units.get(unitId);
        const who = occupied.get(unitId);
        if (!unit) kept.push({ unitId, reason: 'There is no such unit, or you may not see it.' });
        else if (who !== undefined) kept.push({ unitId, reason: `${who} lives there or has access there.` });
        else {
          await this.units.remove(tx, unit);
          tx.publish(unitRemoved, { unit: toUnit(unit) }, { ...unit, version: unit.version + 1 });
          removed.push(unitId);
        }
      }
      return { removed, kept };
    });
  }

  async #visible(call: Call, unitId: UnitId, tx?: Tx): Promise<UnitDoc> {
    const unit = await this.units.get({ orgId: call.orgId, _id: unitId }, tx && { tx });
    assertSees(call.actor, unit.propertyId, unitId);
    return unit;
  }

  async #assertFree(tx: Tx, { orgId, _id, bedrooms }: UnitDoc, removed: ReadonlySet<string>): Promise<void> {
    const names = new Set(bedrooms.filter(({ id }) => removed.has(id)).map(({ name }) => name));
    if (names.size === 0) return;
    const living = await this.residents.find({ orgId, unitIds: _id, state: { $ne: 'archived' } }, { tx });
    const there = living.find(({ occupancies }) =>
      occupancies.some((o) => o.unitId === _id && o.endedAt === null && o.bedroom !== null && names.has(o.bedroom)),
    );
    if (there) throw new DomainError('unit.occupied', `${there.displayName} lives in that bedroom. Move them first.`);
  }

  async #building(tx: Tx, propertyId: PropertyId, building: string | null): Promise<BuildingId | null> {
    if (building === null || building === '') return null;
    return (await this.units.buildingId(tx, propertyId, building)) ?? this.ids.next('bld');
  }

  #bedroom(name: string) {
    return { id: this.ids.next('bed'), name, upstreamId: null };
  }
}

/** What the PMS calls it is kept beside the name that staff give it, to be shown, and to be given back. */
function renamed(
  own: UnitDoc,
  { building, number, reset }: ParsedInputOf<typeof updateUnit>,
): Pick<UnitDoc, 'pmsName'> & UnitName {
  const before = { building: own.building, number: own.number };
  const said = own.pmsName ?? (own.upstreamId === null ? undefined : before);
  const name = reset?.length
    ? (said ?? before)
    : { building: building === undefined ? own.building : building, number: number ?? own.number };
  return { ...name, pmsName: said && !isSame(said, name) ? said : undefined };
}

/** The next sync would bring it back, and nobody would know why. */
function assertNotOfPms({ bedrooms, deletedUpstreamAt }: UnitDoc, property: PropertyDoc, removed: ReadonlySet<string>): void {
  if (property.connectionId === null || deletedUpstreamAt !== null) return;
  const theirs = bedrooms.find(({ id, upstreamId }) => removed.has(id) && upstreamId !== null);
  if (theirs)
    throw new DomainError(
      'unit.from-pms',
      `The PMS says that there is a bedroom ${theirs.name}. Remove it there; the next sync follows.`,
    );
}
