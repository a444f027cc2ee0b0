import type { SyncedPropertyDoc } from '../connection/synced-property.repository.js';
import type { Capabilities, PropertyToFetch, WantedPeople } from '../connector/connector.js';
import type { SyncRunDoc } from './sync-run.repository.js';

/** People who moved out longer ago than this are not asked for. */
const pastDays = 60;

export function toFetch(property: SyncedPropertyDoc, now: Date): PropertyToFetch {
  const pastFrom = new Date(now.getTime() - pastDays * 86_400_000).toISOString().slice(0, 10);
  const { upstreamId, kind, timeZone, country, currency } = property;
  return { upstreamId, kind, timeZone, country, currency, pastFrom };
}

/**
 * More than these are not asked for one by one: each person is a request, each unit a few, and vendors allow some hundred a minute.
 * A large property is read whole in fewer than that.
 */
const mostOneByOne = { people: 50, units: 10 };

/** Where the vendor cannot be asked for some, or they are many, all are fetched and the others left alone. */
export function wantedOf(
  { people, units }: Pick<SyncRunDoc, 'people' | 'units'>,
  { targeted }: Pick<Capabilities, 'targeted'>,
): WantedPeople {
  const all = {};
  if (people && (!targeted.residents || people.length > mostOneByOne.people)) return all;
  if (units && (!targeted.units || units.length > mostOneByOne.units)) return all;
  return { ...(people && { people }), ...(units && { units }) };
}
