import { createHash } from 'node:crypto';
import { UpstreamPerson, type LocalDate, type UserType } from '@leasewire/contracts';
import { csvUndefused } from '@leasewire/service-kit';
import { readDay } from '../dates.rules.js';
import { readEmail } from '../emails.rules.js';
import { readLanguage } from '../languages.rules.js';
import { readName, type Name } from '../names.rules.js';
import { readPhones } from '../phones.rules.js';
import type { CsvColumns, CsvField } from './csv-columns.rules.js';
import { isOurs, nameKeyOf, overKnown, type Described, type KnownPeople, type KnownPerson } from './csv-known.rules.js';
import { longestCell, type CsvRow } from './csv-text.rules.js';
import type { CsvPlace, UnitNames } from './csv-unit.rules.js';

export interface CsvProperty {
  readonly kind: 'rental' | 'strata';
  readonly country: string;
  /** In the property's zone. */
  readonly today: LocalDate;
}
export interface CsvProblem {
  readonly row: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string;
}
export interface Around {
  readonly columns: CsvColumns;
  readonly property: CsvProperty;
  readonly units: UnitNames;
  readonly people: KnownPeople;
}
export interface ReadRow {
  readonly described: Described;
  readonly problems: readonly CsvProblem[];
  /** What somebody should look at; it keeps nobody out. */
  readonly warnings: readonly CsvProblem[];
  /** null: something is wrong with it. */
  readonly found: { readonly person: UpstreamPerson; readonly place: CsvPlace | null; readonly known: KnownPerson | null } | null;
}

/** One row: who it is, where they live, and what is wrong, cell by cell. */
export function readRow(row: CsvRow, { columns, property, units, people }: Around): ReadRow {
  const problems: CsvProblem[] = [];
  const warnings: CsvProblem[] = [];
  const has = (field: CsvField): boolean => columns.at.has(field);
  const cell = (field: CsvField): string => csvUndefused(row.cells[columns.at.get(field) ?? -1] ?? '').trim();
  const about = (field: CsvField, message: string): CsvProblem => ({
    ...{ row: row.row, column: columns.named[field] ?? null, value: cell(field).slice(0, 200) || null, message },
  });
  const wrong = (field: CsvField, message: string): void => {
    problems.push(about(field, message));
  };
  for (const [field] of columns.at)
    if (cell(field).length > longestCell) wrong(field, `A cell has ${longestCell} characters at most.`);

  const name = readName({ first: cell('firstName'), last: cell('lastName'), full: cell('name') });
  if (name.raw === '') wrong(has('name') ? 'name' : has('lastName') ? 'lastName' : 'firstName', 'The name is missing.');
  const { email, emailRaw } = readEmail(cell('emailAddress'));
  if (email === null && /@/.test(cell('emailAddress')) && !isSpokenFor(cell('emailAddress')))
    wrong('emailAddress', `“${cell('emailAddress').slice(0, 100)}” is not an e-mail address.`);
  const sms = readFlag(cell('isPhoneSMSCapableAndApproved'));
  if (sms === null) wrong('isPhoneSMSCapableAndApproved', 'Write TRUE or FALSE.');
  const phones = readPhones([{ number: cell('phoneNumber'), kind: sms === false ? null : 'mobile' }], property.country);
  const phone = phones[0]?.e164 ?? null;
  if (cell('phoneNumber') !== '' && phone === null)
    warnings.push(about('phoneNumber', phoneProblem(cell('phoneNumber'), property.country)));
  const userTypes = readUserTypes(cell('userType'), property.kind);
  if (userTypes === null) wrong('userType', 'Known types are resident, owner-occupier, owner-investor, tenant and committee.');
  const language = readLanguage(cell('language'));
  if (language === undefined) wrong('language', 'Write a language such as Spanish, or its code, such as es.');
  const [moveIn, moveOut, leaseEnd] = (['moveIn', 'moveOut', 'leaseEnd'] as const).map((field) => {
    const day = readDay(cell(field), property.country === 'US' ? 'month-first' : 'day-first');
    if (cell(field) !== '' && day === null) wrong(field, notADay(property.country));
    return day;
  });
  if (moveIn && moveOut && moveOut < moveIn) wrong('moveOut', 'The move-out is before the move-in.');
  const own = { building: cell('building') || null, bedroom: cell('bedroom') || null };
  const nowhere = cell('unitId') === '' && userTypes !== null && userTypes.every((type) => type === 'committee');
  const place = nowhere ? null : units.read(cell('unitId'), own.building, own.bedroom);
  if (place && 'problem' in place) wrong('unitId', place.problem);

  const unitId = place && 'known' in place ? (place.known?.id ?? null) : null;
  const described: Described = { id: cell('residentId') || null, name, email, phone, unitId };
  const { id } = described;
  if (id !== null && id.length > 100) wrong('residentId', 'An id has 100 characters at most.');
  if (id !== null && isOurs(id) && people.get(id) === null)
    wrong('residentId', 'Nobody in this property has this id. Is the file of another one? To add them, empty the cell.');
  if (problems.length > 0 || userTypes === null || (place && 'problem' in place))
    return { described, problems, warnings, found: null };

  const fallback = csvId(name, email, phone, place?.unitName ?? '');
  const known = id === null ? (people.get(fallback) ?? people.same(described)) : people.get(id);
  const said = {
    name,
    email,
    ...(email === null && emailRaw !== undefined && { emailRaw }),
    phones,
    userTypes,
    role: property.kind === 'rental' ? ('primary' as const) : roleOf(userTypes),
    // an empty cell takes back what was said, and is else no word about anybody
    ...(has('language') && (language || known?.language) && { language: language ?? null }),
  };
  const told = {
    email: has('emailAddress'),
    phone: has('phoneNumber'),
    sms: has('isPhoneSMSCapableAndApproved'),
    userType: has('userType'),
  };
  const upstreamId = known?.id ?? id ?? fallback;
  const days = { moveIn: moveIn ?? null, moveOut: moveOut ?? null, leaseEnd: leaseEnd ?? null };
  const stay = place && stayIn(place, upstreamId, days, known, columns, property);
  const checked = UpstreamPerson.safeParse({
    upstreamId,
    ...(known ? overKnown(said, known, told) : said),
    stays: stay ? [stay] : [],
  });
  if (checked.success) return { described, problems, warnings, found: { person: checked.data, place, known } };
  wrong('unitId', `The ${checked.error.issues[0]?.path.at(-1)?.toString() ?? 'row'} is too long or not readable.`);
  return { described, problems, warnings, found: null };
}

interface Days {
  readonly moveIn: LocalDate | null;
  readonly moveOut: LocalDate | null;
  readonly leaseEnd: LocalDate | null;
}

/** A file without a column for dates or bedrooms does not take them from those who are known. */
function stayIn(
  place: CsvPlace,
  upstreamId: string,
  days: Days,
  known: KnownPerson | null,
  { at }: CsvColumns,
  { today }: CsvProperty,
): UpstreamPerson['stays'][number] {
  const before = place.known && known?.places.find(({ unitId }) => unitId === place.known?.id);
  const moveIn = at.has('moveIn') || !before ? days.moveIn : before.moveIn;
  const moveOut = at.has('moveOut') || !before ? days.moveOut : before.moveOut;
  return {
    leaseId: `${upstreamId}@${place.unitId}`.slice(0, 100),
    unitId: place.unitId,
    unitName: place.unitName,
    bedroom: place.bedroom ?? (at.has('bedroom') ? null : (before?.bedroom ?? null)),
    status: statusOn(today, moveIn, moveOut),
    moveIn,
    moveOut,
    leaseStart: moveIn,
    leaseEnd: at.has('leaseEnd') || !before ? days.leaseEnd : (before.leaseEnd ?? null),
  };
}

/** Nobody is taken for gone because a day has come: who is in the file lives there until a move-out of theirs has passed. */
function statusOn(
  today: LocalDate,
  moveIn: LocalDate | null,
  moveOut: LocalDate | null,
): UpstreamPerson['stays'][number]['status'] {
  if (moveOut !== null && moveOut < today) return 'past';
  if (moveIn !== null && moveIn > today) return 'future';
  return moveOut === null ? 'current' : 'notice';
}

/** A row says nobody's id, so it is made of who they are: the same row again is the same person, a corrected phone too. Not of the e-mail alone: families share one. */
function csvId(name: Name, email: string | null, phone: string | null, unit: string): string {
  const which = email ?? (phone === null ? `unit ${unit}` : `phone ${phone}`);
  return `csv-${createHash('sha256')
    .update(`${nameKeyOf(name)}|${which}`)
    .digest('hex')
    .slice(0, 24)}`;
}

/** "none@none.com" says that there is none; a slip of the keyboard says that somebody should look. */
const isSpokenFor = (written: string) => /^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i.test(written);

const notADay = (country: string): string =>
  `That is not a date such as 2026-08-15 or ${country === 'US' ? '08/15/2026' : '15/08/2026'}.`;

function phoneProblem(written: string, country: string): string {
  const digits = written.replace(/\D/g, '').length;
  if ((country === 'US' || country === 'CA') && digits !== 10 && digits !== 11)
    return `A phone number has 10 digits; this one has ${digits}.`;
  return 'That is not a phone number that can be called; write it with the country, such as +61 412 345 678.';
}

/** Nothing said is yes, as the column's name has it elsewhere. */
function readFlag(written: string): boolean | null {
  if (/^(|true|yes|y|1|x)$/i.test(written)) return true;
  return /^(false|no|n|0)$/i.test(written) ? false : null;
}

const typeWords: readonly [RegExp, UserType][] = [
  [/owner.*(occup|resid|liv)|occup.*owner/, 'owner-occupier'],
  [/invest|landlord|non.?resident owner|absentee|^owner$/, 'owner-investor'],
  [/committee|board|council member/, 'committee'],
  [/tenant|lessee|renter/, 'tenant'],
  [/resident|occupant|primary|^occupier$/, 'resident'],
];

/** Several in one cell are separated by ; or +. Nothing said: residents of a rental, tenants of a strata. */
export function readUserTypes(written: string, kind: 'rental' | 'strata'): UserType[] | null {
  if (written === '') return [kind === 'rental' ? 'resident' : 'tenant'];
  const types = written
    .toLowerCase()
    .split(/[;,+|/]/)
    .map((word) => typeWords.find(([pattern]) => pattern.test(word.trim()))?.[1]);
  return types.includes(undefined) ? null : [...new Set(types.filter((type) => type !== undefined))];
}

function roleOf(types: readonly UserType[]): UpstreamPerson['role'] {
  if (types.includes('owner-occupier') || types.includes('owner-investor')) return 'owner';
  return types.includes('committee') && !types.includes('tenant') ? 'committee' : 'tenant';
}
