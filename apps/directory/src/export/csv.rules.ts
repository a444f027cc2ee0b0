import type { Resident, Unit } from '@leasewire/contracts';
import { csvLine } from '@leasewire/service-kit';

type Cell = string | number | boolean | null | undefined;
type Columns<T> = Readonly<Record<string, (row: T) => Cell>>;

const residentColumns: Columns<Resident> = {
  id: ({ id }) => id,
  property: ({ propertyId }) => propertyId,
  name: ({ displayName }) => displayName,
  'first name': ({ name }) => name.first,
  'last name': ({ name }) => name.last,
  'e-mail': ({ email }) => email,
  phones: ({ phones }) => phones.map(({ e164, raw }) => e164 ?? raw).join('; '),
  language: ({ language }) => language,
  unit: ({ occupancy }) => occupancy?.unit,
  bedroom: ({ occupancy }) => occupancy?.bedroom,
  'user types': ({ userTypes }) => userTypes.join('; '),
  'lease status': ({ leaseStatus }) => leaseStatus,
  'move-in': ({ occupancy }) => occupancy?.from,
  'move-out': ({ occupancy }) => occupancy?.until,
  state: ({ state }) => state,
  access: ({ access }) => (access.open ? 'open' : 'closed'),
  'account status': ({ accountStatus }) => accountStatus,
  'invited at': ({ account }) => account?.invitedAt,
  'link expires at': ({ account }) => account?.expiresAt,
  'invitation mail': ({ account }) => account?.mail?.state,
  'Wi-Fi status': ({ wifiStatus }) => wifiStatus,
  issues: ({ issues }) => issues.join('; '),
  'last synced': ({ lastSyncedAt }) => lastSyncedAt,
};
const unitColumns: Columns<Unit> = {
  id: ({ id }) => id,
  property: ({ propertyId }) => propertyId,
  building: ({ building }) => building,
  unit: ({ number }) => number,
  residents: ({ residents }) => residents,
  bedrooms: ({ bedrooms }) => bedrooms.map(({ name }) => name).join('; '),
  source: ({ source }) => source,
  'sync light': ({ syncLight }) => syncLight,
  'last synced': ({ lastSyncedAt }) => lastSyncedAt,
  'deleted in the PMS': ({ deletedUpstreamAt }) => deletedUpstreamAt,
};

export const headerOf = (what: 'residents' | 'units'): string =>
  csvLine(Object.keys(what === 'residents' ? residentColumns : unitColumns));
export const residentLine = (row: Resident): string => csvLine(Object.values(residentColumns).map((cell) => cell(row)));
export const unitLine = (row: Unit): string => csvLine(Object.values(unitColumns).map((cell) => cell(row)));
