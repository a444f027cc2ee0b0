import {
  unitAdded,
  unitDeletedUpstream,
  unitRenamed,
  type applyUnits,
  type BuildingId,
  type EventContract,
  type ParsedInputOf,
  type UpstreamUnit,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PropertyService } from '../property/property.service.js';
import type { PropertyDoc } from '../property/property.repository.js';
import { resolving } from '../resident/observed.js';
import { ResidentKeeper } from '../resident/resident-keeper.js';
import { ResidentRepository } from '../resident/resident.repository.js';
import { isSame } from '../same.rules.js';
import {
  isNumberedBy,
  unitKey,
  unitKeys,
  unitLabel,
  UnitRepository,
  toUnit,
  type UnitDoc,
  type UnitName,
} from './unit.repository.js';

type Observed = ParsedInputOf<typeof applyUnits>;
interface KnownUnits {
  readonly byUpstream: ReadonlyMap<string, UnitDoc>;
  readonly byName: ReadonlyMap<string, UnitDoc>;
  readonly buildings: ReadonlyMap<string | null, BuildingId>;
  /** Keys of names, also of those that are being given. */
  readonly taken: Set<string>;
}
type Told = typeof unitAdded & EventContract;

/** What the PMS says about the units of a property. It never removes one: that is for staff. */
@Injectable()
export class UnitSyncService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly units: UnitRepository,
    private readonly residents: ResidentRepository,
    private readonly owned: PropertyService,
    private readonly keeper: ResidentKeeper,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async apply(input: Observed, call: Call) {
    return this.work.run(call, async (tx) => {
      const property = await this.owned.visible(call, input.propertyId, tx);
      const said = uniqueById(input.units);
      const known = await this.#known(tx, property, said, input.absent);
      const at = new Date(input.fetchedAt);
      const counts = { added: 0, renamed: 0, unchanged: 0, deletedUpstream: 0 };
      const fresh: Parameters<UnitRepository['insertMany']>[1][number][] = [];
      const changed: { before: UnitDoc; after: UnitDoc; contract: Told }[] = [];
      const { buildings, taken } = known;
      for (const unit of said) {
        const before = known.byUpstream.get(unit.upstreamId) ?? known.byName.get(unitKey(unit.building, unit.number));
        if (before) {
          const after = this.#over(before, unit, property, known, at);
          taken.add(after.nameKey);
          if (isSame({ ...before, lastSyncedAt: null }, { ...after, lastSyncedAt: null })) counts.unchanged += 1;
          else {
            if (isRenamed(before, after)) counts.renamed += 1;
            changed.push({
              before,
              after,
              contract: before.deletedUpstreamAt !== null && !isRenamed(before, after) ? unitDeletedUpstream : unitRenamed,
            });
          }
        } else if (!taken.has(unitKey(unit.building, unit.number))) {
          taken.add(unitKey(unit.building, unit.number));
          fresh.push({ ...this.#fresh(unit, property, buildings), lastSyncedAt: at });
          counts.added += 1;
        }
      }
      for (const upstreamId of input.absent) {
        const before = known.byUpstream.get(upstreamId);
        if (!before || before.deletedUpstreamAt !== null) continue;
        changed.push({ before, after: { ...before, deletedUpstreamAt: at }, contract: unitDeletedUpstream });
        counts.deletedUpstream += 1;
      }
      await this.#write(tx, property, fresh, changed);
      return counts;
    });
  }

  /** Of those that are said, what is known of them, of others of these names, and of their buildings: a property may have fifty thousand. */
  async #known(tx: Tx, property: PropertyDoc, said: readonly UpstreamUnit[], absent: Observed['absent']): Promise<KnownUnits> {
    const { orgId, _id: propertyId } = property;
    const ids = [...said.map(({ upstreamId }) => upstreamId), ...absent];
    const names = said.map(({ building, number }) => unitKey(building, number));
    const ofThisId = await this.units.find({ orgId, propertyId, upstreamId: { $in: ids } }, { tx });
    const byId = ofThisId.filter((unit) => isNumberedBy(unit, property));
    await this.#free(
      tx,
      ofThisId.filter((unit) => !isNumberedBy(unit, property)),
    );
    const byName = await this.units.find({ orgId, propertyId, nameKey: { $in: names } }, { tx });
    const found = [...byId, ...byName];
    const buildings = new Map(found.flatMap(({ building, buildingId }) => (buildingId === null ? [] : [[building, buildingId]])));
    for (const { building } of said)
      if (building !== null && building !== '' && !buildings.has(building))
        buildings.set(building, (await this.units.buildingId(tx, propertyId, building)) ?? this.ids.next('bld'));
    return {
      byUpstream: new Map(byId.map((unit) => [unit.upstreamId ?? '', unit])),
      // made by hand, or named by another PMS before: the PMS's unit of the same name is that one
      byName: new Map(
        byName.flatMap((unit) => (unit.upstreamId === null || !isNumberedBy(unit, property) ? [[unit.nameKey, unit]] : [])),
      ),
      buildings,
      taken: new Set(found.map(({ nameKey }) => nameKey)),
    };
  }

  /** What a former PMS called by these numbers: they are of other units now. */
  async #free(tx: Tx, units: readonly UnitDoc[]): Promise<void> {
    const freed = units.map((unit) => ({
      ...unit,
      upstreamId: null,
      connectionId: null,
      bedrooms: unit.bedrooms.map((bedroom) => ({ ...bedroom, upstreamId: null })),
    }));
    await this.units.saveMany(tx, freed);
  }

  async #write(
    tx: Tx,
    property: PropertyDoc,
    fresh: readonly Parameters<UnitRepository['insertMany']>[1][number][],
    changed: readonly { before: UnitDoc; after: UnitDoc; contract: Told }[],
  ): Promise<void> {
    const added = await this.units.insertMany(tx, fresh);
    for (const unit of added) tx.publish(unitAdded, { unit: toUnit(unit) }, unit);
    await this.#house(tx, property, added);
    const saved = await this.units.saveMany(
      tx,
      changed.map(({ after }) => after),
    );
    for (const [at, unit] of saved.entries()) tx.publish(changed[at]?.contract ?? unitRenamed, { unit: toUnit(unit) }, unit);
    await this.relabel(
      tx,
      property,
      saved.filter((unit, at) => isRenamed(changed[at]?.before, unit)),
    );
  }

  /** Whoever was registered before their unit was known lives there now. */
  async #house(tx: Tx, property: PropertyDoc, added: readonly UnitDoc[]): Promise<void> {
    if (added.length === 0) return;
    const filter = { orgId: tx.orgId, propertyId: property._id, issues: 'unknown-unit' as const };
    const waiting = await this.residents.find(filter, { tx, limit: 500 });
    const resolve = resolving(added, property);
    const housed = waiting.map((before) => {
      const stays = new Map(before.upstream?.stays.map((stay) => [stay.leaseId, resolve(stay)]));
      const occupancies = before.occupancies.map((occupancy) => {
        const stay = occupancy.unitId === null ? stays.get(occupancy.leaseId ?? '') : undefined;
        if (!stay?.ourUnitId) return occupancy;
        return { ...occupancy, unitId: stay.ourUnitId, unit: stay.unitLabel, building: stay.building };
      });
      return { before, after: { ...before, occupancies } };
    });
    await this.keeper.save(tx, property, housed);
  }

  /** Whoever lives there is shown with the new name. */
  async relabel(tx: Tx, property: PropertyDoc, renamed: readonly UnitDoc[]): Promise<void> {
    if (renamed.length === 0) return;
    const units = new Map(renamed.map((unit) => [unit._id, unit]));
    const living = await this.residents.find(
      { orgId: tx.orgId, unitIds: { $in: [...units.keys()] }, propertyId: property._id },
      { tx },
    );
    await this.keeper.save(
      tx,
      property,
      living.map((before) => ({
        before,
        after: {
          ...before,
          occupancies: before.occupancies.map((occupancy) => {
            const unit = occupancy.unitId === null ? undefined : units.get(occupancy.unitId);
            return unit ? { ...occupancy, unit: unitLabel(unit), building: unit.building } : occupancy;
          }),
        },
      })),
    );
  }

  #fresh(said: UpstreamUnit, property: PropertyDoc, buildings: ReadonlyMap<string | null, BuildingId>) {
    const { building, number, upstreamId } = said;
    return {
      _id: this.ids.next('unit'),
      orgId: property.orgId,
      propertyId: property._id,
      buildingId: buildings.get(building) ?? null,
      building,
      number,
      bedrooms: said.bedrooms.map((bedroom) => ({ ...bedroom, id: this.ids.next('bed') })),
      source: 'pms' as const,
      upstreamId,
      connectionId: property.connectionId,
      deletedUpstreamAt: null,
      ...unitKeys(building, number),
    };
  }

  #over(
    before: UnitDoc,
    { building, number, upstreamId, bedrooms }: UpstreamUnit,
    property: PropertyDoc,
    { buildings, taken }: Pick<KnownUnits, 'buildings' | 'taken'>,
    at: Date,
  ): UnitDoc {
    const key = unitKey(building, number);
    const isFree = key === before.nameKey || !taken.has(key);
    // staff’s name stays; and two units of one name cannot be told apart: the one that has it keeps it
    const named = before.pmsName === undefined && isFree ? { building, number } : nameOf(before);
    const had = isNumberedBy(before, property) ? before.bedrooms : before.bedrooms.map((bed) => ({ ...bed, upstreamId: null }));
    const own = bedrooms.map(({ upstreamId: id, name }) => {
      const prior = had.find((bedroom) => bedroom.upstreamId === id) ?? had.find((bedroom) => bedroom.name === name);
      return { id: prior?.id ?? this.ids.next('bed'), name, upstreamId: id };
    });
    const byHand = had.filter((bedroom) => bedroom.upstreamId === null && !own.some(({ id }) => id === bedroom.id));
    return {
      ...before,
      ...named,
      buildingId: buildings.get(named.building) ?? null,
      pmsName: before.pmsName && { building, number },
      bedrooms: [...own, ...byHand],
      upstreamId,
      connectionId: property.connectionId,
      lastSyncedAt: at,
      deletedUpstreamAt: null,
      ...unitKeys(named.building, named.number),
    };
  }
}

const nameOf = ({ building, number }: UnitDoc): UnitName => ({ building, number });

const isRenamed = (before: UnitDoc | undefined, after: UnitDoc): boolean =>
  before?.building !== after.building || before.number !== after.number;

/** A vendor may say one twice. */
const uniqueById = (units: readonly UpstreamUnit[]): UpstreamUnit[] => [
  ...new Map(units.map((unit) => [unit.upstreamId, unit])).values(),
];
