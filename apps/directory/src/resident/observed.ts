import { ResidentId, type Observed, type UpstreamPerson } from '@leasewire/contracts';
import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { ResolvedStay } from '../decision/stays.rules.js';
import { PersonRepository, upstreamKey, type PersonDoc } from '../person/person.repository.js';
import type { PropertyDoc } from '../property/property.repository.js';
import { displayNameOf } from '../decision/fields.rules.js';
import { fold } from '../search-words.rules.js';
import { isNumberedBy, unitKey, unitLabel, UnitRepository, type UnitDoc } from '../unit/unit.repository.js';
import { mayBeAnother, resembles } from './same-person.rules.js';
import { ResidentRepository, type ResidentDoc } from './resident.repository.js';

export type ObservedInput = z.output<typeof Observed>;

/** All that deciding on some people needs, read at once. */
export interface Known {
  readonly residents: ReadonlyMap<string, ResidentDoc>;
  /** Others, whom a former PMS called by a number that this one gives to somebody else. */
  readonly strangers: readonly ResidentDoc[];
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
    const ofThisSource = new Set(found.flatMap((doc) => (doc.connectionId === connectionId ? [doc.upstreamId] : [])));
    const asked = present.filter(({ upstreamId }) => !ofThisSource.has(upstreamId));
    const keys = connectionId === null ? [] : asked.map(({ upstreamId }) => upstreamKey(connectionId, upstreamId));
    const persons = keys.length === 0 ? [] : await this.persons.find({ orgId, upstream: { $in: keys } }, options);
    const personOf = new Map(persons.flatMap((person) => person.upstream.map((key) => [key, person])));
    const strangers = connectionId === null ? [] : found.filter(isStranger(connectionId, present, personOf));
    const others = new Set(strangers);
    const residents = new Map([
      ...byHand.map((doc): [string, ResidentDoc] => [doc._id, doc]),
      ...found.flatMap((doc): [string, ResidentDoc][] => (others.has(doc) ? [] : [[doc.upstreamId ?? '', doc]])),
    ]);
    const met = present.filter((person) => mayBeAnother(person, residents.get(person.upstreamId) ?? null));
    return {
      residents,
      strangers,
      persons: personOf,
      similar: met.length === 0 ? [] : await this.#similar(property, met, tx),
      resolve: resolving(await this.#units(property, present, tx), property),
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
  async #units(property: PropertyDoc, present: readonly UpstreamPerson[], tx?: Tx): Promise<UnitDoc[]> {
    const { orgId, _id: propertyId } = property;
    const options = tx && { tx };
    const stays = present.flatMap((person) => person.stays);
    const ids = [...new Set(stays.flatMap(({ unitId }) => unitId ?? []))];
    const found = ids.length === 0 ? [] : await this.units.find({ orgId, propertyId, upstreamId: { $in: ids } }, options);
    const byId = found.filter((unit) => isNumberedBy(unit, property));
    const known = new Set(byId.map(({ upstreamId }) => upstreamId));
    const others = stays.filter(({ unitId }) => unitId === null || !known.has(unitId));
    const names = [...new Set(others.flatMap(({ unitName }) => (unitName === null ? [] : namesOf(unitName))))];
    const byName = names.length === 0 ? [] : await this.units.find({ orgId, propertyId, nameKey: { $in: names } }, options);
    return [...byId, ...byName];
  }
}

/**
 * A property may come to another PMS, and two vendors count from 1. Who was of this connection before is the same; of others
 * the number alone proves nothing: whoever was taken for somebody else would have their account and their key.
 */
function isStranger(
  connectionId: string,
  present: readonly UpstreamPerson[],
  personOf: ReadonlyMap<string, PersonDoc>,
): (doc: ResidentDoc) => boolean {
  const said = new Map(present.map((person) => [person.upstreamId, person]));
  return (doc) => {
    const person = doc.connectionId === connectionId ? undefined : said.get(doc.upstreamId ?? '');
    if (!person) return false;
    const was = personOf.get(upstreamKey(connectionId, person.upstreamId));
    return was?._id !== doc.personId && !resembles(person, doc);
  };
}

/** `204`, or `A-204` for unit 204 of building A. */
function namesOf(unitName: string): string[] {
  const parts = /^(.+?)\s*[-/]\s*(.+)$/.exec(unitName);
  return [unitKey(null, unitName), ...(parts ? [unitKey(parts[1] ?? null, parts[2] ?? '')] : [])];
}

export function resolving(units: readonly UnitDoc[], property: Pick<PropertyDoc, 'connectionId'>): Known['resolve'] {
  const numbered = units.filter((unit) => isNumberedBy(unit, property));
  const byId = new Map(numbered.flatMap((unit) => (unit.upstreamId === null ? [] : [[unit.upstreamId, unit]])));
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
