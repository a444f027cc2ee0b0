import type { UpstreamPerson } from '@leasewire/contracts';
import type { SyncedPropertyDoc } from '../connection/synced-property.repository.js';
import type { PropertyToFetch, WantedPeople } from '../connector/connector.js';
import type { FlowAbout } from './people-flow.about.js';
import type { SyncRunDoc } from './sync-run.repository.js';

/** People who moved out longer ago than this are not asked for. */
const pastDays = 60;

export function toFetch(property: SyncedPropertyDoc, now: Date): PropertyToFetch {
  const pastFrom = new Date(now.getTime() - pastDays * 86_400_000).toISOString().slice(0, 10);
  const { upstreamId, kind, timeZone, country, currency } = property;
  return { upstreamId, kind, timeZone, country, currency, pastFrom };
}

/** Where the vendor cannot be asked for some, all are fetched and the others left alone. */
export function wantedOf(
  { people, units }: SyncRunDoc,
  capabilities: { targeted: { residents: boolean; units: boolean } },
): WantedPeople {
  if (people && capabilities.targeted.residents) return { people };
  if (units && capabilities.targeted.units) return { units };
  return {};
}

/** Of what came, whom the run is about; of somebody who cannot be read no more is known than the id. */
export function isWanted({ people, units }: FlowAbout['wanted'], upstreamId: string, person: UpstreamPerson | null): boolean {
  if (people) return people.includes(upstreamId);
  if (units) return person?.stays.some(({ unitId }) => unitId !== null && units.includes(unitId)) ?? false;
  return true;
}
