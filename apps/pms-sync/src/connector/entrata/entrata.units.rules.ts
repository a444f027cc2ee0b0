import type { UpstreamUnit } from '../connector.js';
import { firstText, idOf, listUnder, textOf, type Json } from '../vendor-json.rules.js';

/** getPropertyUnits: vacant spaces are only here, so units that are gone are known from here alone (pms-apis.md 1.7). */
export function readUnits(result: Json): { units: UpstreamUnit[]; unreadable: number } | null {
  const holder = result['properties'] ?? result['Properties'];
  if (holder === undefined) return null;
  const rows = listUnder(holder, 'property', 'Property').flatMap((property) =>
    listUnder(property['units'] ?? property['Units'], 'unit', 'Unit'),
  );
  const units = rows.map(readUnit);
  const readable = units.filter((unit) => unit !== null);
  return { units: readable, unreadable: units.length - readable.length };
}

export function readUnit(row: Json): UpstreamUnit | null {
  const upstreamId = idOf(row['id'] ?? row['unitId']);
  const number = firstText(row, 'unitNumber', 'number')?.slice(0, 50);
  if (upstreamId === null || number === undefined) return null;
  const building = firstText(row, 'buildingName', 'building')?.slice(0, 100) ?? null;
  const bedrooms = new Map<string, { upstreamId: string; name: string }>();
  for (const space of listUnder(row['unitSpaces'], 'unitSpace')) {
    const id = idOf(space['unitSpaceId'] ?? space['id']);
    const name = bedroomOf(firstText(space, 'unitSpace', 'unitNumber', 'spaceNumber'), number);
    if (id !== null && name !== null) bedrooms.set(id, { upstreamId: id, name });
  }
  return { upstreamId, building, number, bedrooms: [...bedrooms.values()].slice(0, 50) };
}

/** "301-D" of unit 301 is D, "404-A1" of 404 is A1; "111" of 111 is the whole unit. */
export function bedroomOf(space: string | null, unitNumber: string | null): string | null {
  if (space === null || space === unitNumber) return null;
  const rest =
    unitNumber !== null && space.startsWith(unitNumber)
      ? space.slice(unitNumber.length)
      : /^.+[-\s/]([^-\s/]+)$/.exec(space)?.[1];
  const name = (rest ?? (unitNumber === null ? '' : space)).replace(/^[-\s/]+/, '').slice(0, 50);
  return name === '' ? null : name;
}

/** "301-D" without knowing the unit: what is before the last dash, where the lease is by the bedroom. */
export function unitNumberOf(space: string | null, configuration: string | null): string | null {
  if (space === null) return null;
  return (configuration === null ? undefined : /^(.+)-[^-]+$/.exec(space)?.[1]) ?? space;
}

/** Units by their id and by the ids of their spaces: leases name the one, the other, or both. */
export interface UnitIndex {
  readonly byId: ReadonlyMap<string, UpstreamUnit>;
  readonly bySpace: ReadonlyMap<string, UpstreamUnit>;
}

export function indexUnits(units: readonly UpstreamUnit[]): UnitIndex {
  const bySpace = units.flatMap((unit) => unit.bedrooms.map((bedroom) => [bedroom.upstreamId, unit] as const));
  return { byId: new Map(units.map((unit) => [unit.upstreamId, unit])), bySpace: new Map(bySpace) };
}

export const unitNameOf = (unit: { building: string | null; number: string }): string =>
  (unit.building === null ? unit.number : `${unit.building}-${unit.number}`).slice(0, 100);

export const unitIdOf = (lease: Json): string | null => idOf(lease['unitId'] ?? lease['propertyUnitId'] ?? textOf(lease['unit']));
