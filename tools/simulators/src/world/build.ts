import { plusDays } from './days.js';
import type { Day, Property, Vendor } from './model.js';
import { fillRental } from './rental.js';
import { fillStrata } from './strata.js';
import { World, type Clock } from './world.js';

export interface WorldWish {
  readonly seed: number;
  /** People who live somewhere, or own something, now or soon. */
  readonly residents: number;
  readonly today: Day;
  readonly vendors: readonly Vendor[];
  readonly clock: Clock;
}

type Place = Pick<Property, 'vendor' | 'kind' | 'name' | 'street' | 'city' | 'state' | 'postcode' | 'timeZone' | 'plan'> & {
  /** Its part of the residents, against the others in use. */
  readonly share: number;
  /** Share of the units that are let by the bed. */
  readonly byBed: number;
};

const rental = { kind: 'rental', plan: null } as const;
const strata = { kind: 'strata', byBed: 0, state: 'NSW', timeZone: 'Australia/Sydney' } as const;

const places: readonly Place[] = [
  {
    ...rental,
    vendor: 'entrata',
    name: 'Prairie Commons',
    street: '410 Green Street',
    city: 'Champaign',
    state: 'IL',
    postcode: '61820',
    timeZone: 'America/Chicago',
    share: 40,
    byBed: 0.7,
  },
  {
    ...rental,
    vendor: 'entrata',
    name: 'Foothill Flats',
    street: '77 Aspen Road',
    city: 'Boulder',
    state: 'CO',
    postcode: '80301',
    timeZone: 'America/Denver',
    share: 12,
    byBed: 0.2,
  },
  {
    ...strata,
    vendor: 'propertyiq',
    name: 'Harbour View',
    street: '12 Wharf Street',
    city: 'Pyrmont',
    postcode: '2009',
    plan: 'SP70123',
    share: 6,
  },
  {
    ...strata,
    vendor: 'propertyiq',
    name: 'Banksia Gardens',
    street: '3 Banksia Avenue',
    city: 'Manly',
    postcode: '2095',
    plan: 'SP81544',
    share: 6,
  },
  {
    ...strata,
    vendor: 'propertyiq',
    name: 'The Foundry',
    street: '101 Smith Lane',
    city: 'Redfern',
    postcode: '2016',
    plan: 'SP90377',
    share: 6,
  },
  {
    ...strata,
    vendor: 'stratamax',
    name: 'Coral Terraces',
    street: '8 Esplanade',
    city: 'Cairns',
    state: 'QLD',
    postcode: '4870',
    timeZone: 'Australia/Brisbane',
    plan: 'CTS40211',
    share: 8,
  },
  {
    ...rental,
    vendor: 'buildium',
    name: 'Maple Court',
    street: '15 Maple Court',
    city: 'Columbus',
    state: 'OH',
    postcode: '43004',
    timeZone: 'America/New_York',
    share: 9,
    byBed: 0,
  },
  {
    ...rental,
    vendor: 'buildium',
    name: 'River Row',
    street: '200 River Row',
    city: 'Dayton',
    state: 'OH',
    postcode: '45402',
    timeZone: 'America/New_York',
    share: 5,
    byBed: 0,
  },
  {
    ...strata,
    vendor: 'buildium',
    name: 'Lakeshore Owners Association',
    street: '1 Lakeshore Drive',
    city: 'Madison',
    state: 'WI',
    postcode: '53703',
    timeZone: 'America/Chicago',
    plan: null,
    share: 8,
  },
];

/** The same wish makes the same world, to the last telephone number. */
export function buildWorld(wish: WorldWish): World {
  const world = new World(wish.seed, wish.today, wish.clock);
  const used = places.filter(({ vendor }) => wish.vendors.includes(vendor));
  const shares = used.reduce((sum, { share }) => sum + share, 0);
  let left = wish.residents;
  for (const [at, place] of used.entries()) {
    const after = used.length - at - 1;
    const part = after === 0 ? left : Math.min(left - after, Math.max(1, Math.round((wish.residents * place.share) / shares)));
    left -= part;
    fill(world, place, part);
  }
  return world;
}

function fill(world: World, place: Place, residents: number): void {
  const { share: _share, byBed, ...about } = place;
  const country = place.timeZone.startsWith('Australia/') ? 'AU' : 'US';
  const property: Property = {
    ...about,
    id: world.newId('property'),
    country,
    currency: country === 'AU' ? 'AUD' : 'USD',
    updatedAt: new Date(`${plusDays(world.today, -40)}T09:00:00Z`),
  };
  world.addProperty(property);
  if (place.kind === 'rental') fillRental(world, property, residents, byBed);
  else fillStrata(world, property, residents);
}
