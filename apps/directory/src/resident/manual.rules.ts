import { DomainError, type LocalDate, type Resident } from '@leasewire/contracts';
import type { PlannedOccupancy } from '../decision/stays.rules.js';
import type { PropertyDoc } from '../property/property.repository.js';
import type { UnitDoc } from '../unit/unit.repository.js';
import { unitLabel } from '../unit/unit.repository.js';
import { isOfPms } from './fed.rules.js';
import type { ResidentDoc } from './resident.repository.js';

export interface Living {
  readonly unit: Pick<UnitDoc, '_id' | 'building' | 'number'> | null;
  readonly bedroom: string | null;
  readonly moveIn: LocalDate | null;
  readonly moveOut: LocalDate | null;
}

export function assertDates({ moveIn, moveOut }: Pick<Living, 'moveIn' | 'moveOut'>): void {
  if (moveIn !== null && moveOut !== null && moveOut < moveIn)
    throw new DomainError('resident.dates', 'The move-out is before the move-in. Correct one of the dates.');
}

export function assertUnit(unit: Living['unit'], userTypes: Resident['userTypes']): void {
  if (unit === null && userTypes.some((type) => type !== 'committee'))
    throw new DomainError('resident.unit-needed', 'Choose a unit. Only a committee member can do without.');
}

/** Where somebody lives whom staff keep: no lease, and the dates say the rest (settle.rules.ts). */
export const livingIn = ({ unit, bedroom, moveIn, moveOut }: Living): Omit<PlannedOccupancy, 'id'> => ({
  unitId: unit?._id ?? null,
  unit: unit && unitLabel(unit),
  building: unit?.building ?? null,
  bedroom,
  leaseId: null,
  status: 'current',
  from: moveIn,
  until: moveOut,
  leaseEnd: null,
  endedAt: null,
});

/** Why someone has access or has none, the deciding reason first. */
export function explained(doc: ResidentDoc, property: Pick<PropertyDoc, 'name' | 'timeZone' | 'connectionId'>): string[] {
  const { displayName: who, access, occupancy } = doc;
  const on = (at: string | null): string => (at === null ? 'an unknown day' : dayIn(at, property.timeZone));
  const deciding: Record<Resident['access']['reason'], string> = {
    lease: `${who} has access because the lease${inUnit(occupancy)} is current.`,
    notice: `${who} is moving out; access ${access.open ? 'stays' : 'stayed'} until ${on(access.until)}.`,
    owner: `${who} has access as an owner, until the ownership ends.`,
    committee: `${who} has access as a committee member.`,
    'staff-granted': `Staff gave ${who} access, whatever the dates say.`,
    'staff-denied': `Staff took access from ${who}. Set access to “by rule” to give it back.`,
    'not-yet': `${who} is still to move in; access opens on ${on(access.from)}.`,
    'moved-out': `${who} has moved out${goneFrom(doc)}.`,
    'not-imported': `${who} waits in Pending Import. Import them to give access.`,
    'service-not-started': `The service of ${property.name} has not been started; until then nobody has access.`,
    archived: `${who} is archived${doc.archivedReason === 'dismissed' ? ' (dismissed)' : ''}.`,
    none: `${who} has no lease and no ownership that would give access.`,
  };
  const said =
    occupancy && `${isOfPms(doc, property) ? 'The PMS says' : 'Kept by staff'}: ${occupancy.status}${inUnit(occupancy)}.`;
  const until = access.open && access.until !== null && access.reason !== 'notice' ? `Access ends on ${on(access.until)}.` : null;
  return [deciding[access.reason], said, until].filter((sentence) => sentence !== null);
}

const goneFrom = ({ archivedReason, connectionId }: ResidentDoc): string =>
  archivedReason === 'gone-upstream'
    ? `: ${connectionId === null ? 'the file does not list them' : 'the PMS no longer lists them'}`
    : '';
const inUnit = (occupancy: Resident['occupancy']): string => (occupancy?.unit ? ` in ${occupancy.unit}` : '');
const dayIn = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-AU', { timeZone, dateStyle: 'long', timeStyle: 'short' }).format(new Date(at));
