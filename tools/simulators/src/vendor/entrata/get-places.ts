import type { Quirks } from '../../faults/quirks.js';
import type { Reply } from '../../http/exchange.js';
import { inTheThird } from '../../world/prng.js';
import type { Property, Unit } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { nothingFound, success } from './envelope.js';
import { spaceName } from './lease-r2.js';

/** MITS spelling: everything begins with a capital. The time zone is not among the fields. */
export function getProperties(requestId: string, properties: readonly Property[], quirks: Quirks): Reply {
  if (properties.length === 0) return success(requestId, nothingFound, quirks);
  const Property = quirks.has('empty-list') ? [] : properties.map(propertyOf);
  return success(requestId, { PhysicalProperty: { Property } }, quirks);
}

function propertyOf({ id, name, street, city, state, postcode, country }: Property): Record<string, unknown> {
  return {
    PropertyID: id,
    MarketingName: name,
    Type: 'Apartment',
    YearBuilt: '2009',
    Address: {
      '@attributes': { AddressType: 'property' },
      Address: street,
      City: city,
      State: state,
      PostalCode: postcode,
      Country: country,
    },
    PostMonths: { ArPostMonth: '08/2026', ApPostMonth: '08/2026', GlPostMonth: '08/2026' },
    IsDisabled: 0,
    IsFeaturedProperty: 0,
  };
}

/** The only place where vacant spaces are, and the building's name. */
export function getPropertyUnits(world: World, requestId: string, properties: readonly Property[], quirks: Quirks): Reply {
  const property = properties.map((about) => {
    const all = world.unitsOf(about.id);
    const kept = quirks.has('vanish') ? all.filter(({ id }) => !inTheThird(id)) : all;
    const units = quirks.has('empty-list') ? [] : kept;
    return {
      propertyId: Number(about.id),
      propertyName: about.name,
      unitCount: units.length,
      buildingCount: new Set(units.map(({ building }) => building)).size,
      units: { unit: units.map((unit) => unitOf(world, about, unit)) },
    };
  });
  return success(requestId, property.length === 0 ? nothingFound : { properties: { property } }, quirks);
}

function unitOf(world: World, { street, city, state, postcode, country }: Property, unit: Unit): Record<string, unknown> {
  const { id, number, buildingId, building, bedrooms, beds } = unit;
  return {
    id: Number(id),
    unitNumber: number,
    ...(buildingId === null ? {} : { buildingId: Number(buildingId) }),
    ...(building === null ? {} : { buildingName: building }),
    floorplanId: beds,
    floorplanName: `${beds} Bed`,
    unitTypeId: beds,
    unitTypeName: `${beds} Bed`,
    numberOfBedrooms: beds,
    numberOfBathrooms: 1,
    squareFeet: 400 + beds * 150,
    unitAddress: { address: street, city, state, postalCode: postcode, country },
    unitSpaces: {
      unitSpace: bedrooms.map((bedroom) => ({
        unitSpaceId: Number(bedroom.id),
        unitNumber: spaceName(unit, bedroom),
        ...(unit.by === 'bed' ? { spaceConfiguration: 'Per Bedroom' } : {}),
        availabilityStatus: world.leasesIn(id).some((lease) => isThere(lease.status, lease.bedroomIds, bedroom.id))
          ? 'Occupied'
          : 'Available',
      })),
    },
  };
}

function isThere(status: string, bedroomIds: readonly string[], bedroomId: string): boolean {
  return (status === 'Current' || status === 'Notice') && bedroomIds.includes(bedroomId);
}
