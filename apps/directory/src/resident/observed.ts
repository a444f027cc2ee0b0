import { ResidentId, type Observed, type UpstreamPerson } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { ResolvedStay } from '../decision/stays.rules.js';
import { PersonRepository, upstreamKey, type PersonDoc } from '../person/person.repository.js';
import type { PropertyDoc } from '../property/property.repository.js';
import { displayNameOf } from '../decision/fields.rules.js';
import { fold } from '../search-words.rules.js';
import { unitKey, unitLabel, UnitRepository, type UnitDoc } from '../unit/unit.repository.js';
import { mayBeAnother } from './same-person.rules.js';
import { ResidentRepository, type ResidentDoc } from './resident.repository.js';

export type ObservedInput = z.output<typeof Observed>;

/** All that deciding on some people needs, read at once. */
export interface Known {
  readonly residents: ReadonlyMap<string, ResidentDoc>;
  readonly persons: ReadonlyMap<string, PersonDoc>;
  /** Those of the same name, or with the same e-mail address: for issues and proposals, never for a decision. */
  readonly similar: readonly ResidentDoc[];
  readonly resolve: (stay: UpstreamPerson['stays'][number]) => ResolvedStay;
}

@Injectable()
export class ObservedReader {
  constructor(
    private readonly residents: ResidentRepository,
    private readonly persons: PersonRepository,
    private readonly units: UnitRepository,
  ) {}

  async read(property: PropertyDoc, { present, absent }: ObservedInput, tx?: Tx): Promise<Known> {
    const { orgId, _id: propertyId, connectionId } = property;
    const options = tx && { tx };
    const ids = [...new Set([...present.map(({ upstreamId }) => upstreamId), ...absent])];
    const found = await this.residents.find({ orgId, propertyId, upstreamId: { $in: ids } }, options);
    const byHand = connectionId === null ? await this.#byHand(property, ids, tx) : [];
    const residents = new Map([
      ...byHand.map((doc): [string, ResidentDoc] => [doc._id, doc]),
      ...found.map((doc): [string, ResidentDoc] => [doc.upstreamId ?? '', doc]),
    ]);
    const fresh = present.filter(({ upstreamId }) => !residents.has(upstreamId));
    const met = present.filter((person) => mayBeAnother(person, residents.get(person.upstreamId) ?? null));
    const keys = connectionId === null ? [] : fresh.map(({ upstreamId }) => upstreamKey(connectionId, upstreamId));
    const persons = keys.length === 0 ? [] : await this.persons.find({ orgId, upstream: { $in: keys } }, options);
    return {
      residents,
      persons: new Map(persons.flatMap((person) => person.upstream.map((key) => [key, person]))),
      similar: met.length === 0 ? [] : await this.#similar(property, met, tx),
      resolve: resolving(await this.#units(property, present, tx)),
    };
  }

  /** A file calls whom staff added by the id that they have here: it is in the template. */
  async #byHand({ orgId, _id: propertyId }: PropertyDoc, ids: readonly string[], tx?: Tx): Promise<ResidentDoc[]> {
    const ours = ids.flatMap((id) => ResidentId.safeParse(id).data ?? []);
    if (ours.length === 0) return [];
    return this.residents.find({ orgId, propertyId, _id: { $in: ours }, upstreamId: null }, tx && { tx });
  }

  #similar({ orgId, _id: propertyId }: PropertyDoc, met: readonly UpstreamPerson[], tx?: Tx): Promise<ResidentDoc[]> {
    const names = met.map(({ name }) => fold(displayNameOf(name)));
    const addresses = met.flatMap(({ email }) => email ?? []);
    return this.residents.find(
      { orgId, propertyId, $or: [{ 'sort.name': { $in: names } }, { email: { $in: addresses } }] },
      { ...(tx && { tx }), limit: 1000 },
    );
  }

  /**
   * By name only where the id is not ours. In two questions: MongoDB answers one for either of them by reading all units of the property,
   * because the index of upstream ids is a partial one.
   */
  async #units({ orgId, _id: propertyId }: PropertyDoc, present: readonly UpstreamPerson[], tx?: Tx): Promise<UnitDoc[]> {
    const options = tx && { tx };
    const stays = present.flatMap((person) => person.stays);
    const ids = [...new Set(stays.flatMap(({ unitId }) => unitId ?? []))];
    const byId = ids.length === 0 ? [] : await this.units.find({ orgId, propertyId, upstreamId: { $in: ids } }, options);
    const known = new Set(byId.map(({ upstreamId }) => upstreamId));
    const others = stays.filter(({ unitId }) => unitId === null || !known.has(unitId));
    const names = [...new Set(others.flatMap(({ unitName }) => (unitName === null ? [] : namesOf(unitName))))];
    const byName = names.length === 0 ? [] : await this.units.find({ orgId, propertyId, nameKey: { $in: names } }, options);
    return [...byId, ...byName];
  }
}

/** `204`, or `A-204` for unit 204 of building A. */
function namesOf(unitName: string): string[] {
  const parts = /^(.+?)\s*[-/]\s*(.+)$/.exec(unitName);
  return [unitKey(null, unitName), ...(parts ? [unitKey(parts[1] ?? null, parts[2] ?? '')] : [])];
}

export function resolving(units: readonly UnitDoc[]): Known['resolve'] {
  const byId = new Map(units.flatMap((unit) => (unit.upstreamId === null ? [] : [[unit.upstreamId, unit]])));
  const byName = new Map(units.map((unit) => [unit.nameKey, unit]));
  return (stay) => {
    const named = stay.unitName === null ? [] : namesOf(stay.unitName).map((name) => byName.get(name));
    const unit = (stay.unitId === null ? undefined : byId.get(stay.unitId)) ?? named.find((one) => one !== undefined);
    return {
      ...stay,
      ourUnitId: unit?._id ?? null,
      unitLabel: unit ? unitLabel(unit) : (stay.unitName ?? stay.unitId),
      building: unit?.building ?? null,
    };
  };
}
