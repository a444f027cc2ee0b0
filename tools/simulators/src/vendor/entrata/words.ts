import type { LeaseInterval, LeaseStatus, Role } from '../../world/model.js';

export const statusIds: Readonly<Record<LeaseStatus, string>> = {
  Applicant: '1',
  Cancelled: '2',
  Future: '3',
  Current: '4',
  Notice: '5',
  Past: '6',
};

export const intervalTypeIds: Readonly<Record<LeaseInterval['type'], string>> = { Application: '1', Renewal: '3', Transfer: '5' };

/** `customerType` and `relationshipName`; a child is an occupant by type. */
export const roleWords: Readonly<Record<Role, readonly [type: string, relationship: string]>> = {
  primary: ['Primary', 'Primary'],
  'co-applicant': ['Co-Applicant', 'Roommate'],
  occupant: ['Occupant', 'Other'],
  child: ['Occupant', 'Child'],
  guarantor: ['Guarantor', 'Guarantor'],
  // a rental has neither; somebody who adds one all the same sees an occupant
  owner: ['Occupant', 'Other'],
  tenant: ['Occupant', 'Other'],
};

const mountain = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Denver',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});

/** To write one takes longer than all the rest of a lease, and few are different. */
const written = new Map<number, string>();
const mostWritten = 10_000;

/** All times of Entrata are Mountain Time: `MM/DD/YYYY HH:MM:SS.ffffff MDT`. */
export function mountainTime(date: Date): string {
  const known = written.get(date.getTime());
  if (known !== undefined) return known;
  if (written.size >= mostWritten) written.clear();
  const made = write(date);
  written.set(date.getTime(), made);
  return made;
}

function write(date: Date): string {
  const parts = new Map(mountain.formatToParts(date).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? '';
  const day = `${part('month')}/${part('day')}/${part('year')}`;
  return `${day} ${part('hour')}:${part('minute')}:${part('second')}.${String(date.getMilliseconds()).padStart(3, '0')}000 ${part('timeZoneName')}`;
}
