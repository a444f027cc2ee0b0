import { createHash } from 'node:crypto';
import { UpstreamPerson, type LocalDate, type UserType } from '@leasewire/contracts';
import { readDay } from '../dates.rules.js';
import { readEmail } from '../emails.rules.js';
import { readName, type Name } from '../names.rules.js';
import { readPhones } from '../phones.rules.js';
import type { UpstreamUnit } from '../connector.js';
import { missingColumns, readColumns, type CsvColumns, type CsvField } from './csv-columns.rules.js';
import { readCsvText, undefuse, type CsvRow } from './csv-text.rules.js';
import { UnitNames, type CsvPlace, type KnownUnit } from './csv-unit.rules.js';

export interface CsvProperty {
  readonly kind: 'rental' | 'strata';
  readonly country: string;
  /** In the property's zone. */
  readonly today: LocalDate;
  readonly units: readonly KnownUnit[];
}
export interface CsvProblem {
  readonly row: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string;
}
export interface CsvFile {
  readonly ok: true;
  readonly rows: number;
  readonly people: { readonly row: number; readonly person: UpstreamPerson }[];
  /** Units that the file names and the property does not have. */
  readonly newUnits: UpstreamUnit[];
  readonly problems: CsvProblem[];
  readonly columns: Readonly<Record<string, string>>;
  readonly ignoredColumns: readonly string[];
  /** The header and the rows that are wrong, as they were. */
  readonly headers: readonly string[];
  readonly failed: CsvRow[];
}
export type ReadCsv = CsvFile | { readonly ok: false; readonly message: string };

/** The whole validate step: who is right, what is wrong with the others, cell by cell. A wrong row stops nobody else. */
export function readCsv(text: string, property: CsvProperty): ReadCsv {
  const file = readCsvText(text);
  if (!file.ok) return file;
  const columns = readColumns(file.headers);
  const missing = missingColumns(columns);
  if (missing !== null) return { ok: false, message: missing };
  const names = new UnitNames(property.units);
  const problems: CsvProblem[] = [];
  const failed: CsvRow[] = [];
  const units = new Map<string, UpstreamUnit>();
  const people = new Map<string, { row: number; person: UpstreamPerson }>();
  const phones = new Map<string, { row: number; who: string }>();
  for (const row of file.rows) {
    if (isOnlyAUnit(row, columns)) continue;
    const found = readRow(row, columns, property, names);
    const clash = found.person && clashOf(found.person, row.row, columns, people, phones);
    const all = clash ? [...found.problems, clash] : found.problems;
    problems.push(...all);
    if (all.length > 0 || !found.person) {
      failed.push(row);
      continue;
    }
    const known = people.get(found.person.upstreamId);
    if (known) known.person.stays.push(...found.person.stays);
    else people.set(found.person.upstreamId, { row: row.row, person: found.person });
    const mobile = found.person.phones[0]?.e164;
    if (mobile) phones.set(mobile, { row: row.row, who: found.person.upstreamId });
    if (found.place.isNew) addUnit(units, found.place);
  }
  const { named, ignored } = columns;
  return {
    ok: true,
    rows: file.rows.length,
    people: [...people.values()],
    newUnits: [...units.values()],
    problems,
    columns: named,
    ignoredColumns: ignored,
    headers: file.headers,
    failed,
  };
}

/** A line of the template that nobody filled in. */
function isOnlyAUnit(row: CsvRow, { at }: CsvColumns): boolean {
  const place = new Set([at.get('unitId'), at.get('building'), at.get('bedroom')]);
  return row.cells.every((cell, column) => cell === '' || place.has(column)) && (row.cells[at.get('unitId') ?? -1] ?? '') !== '';
}

function readRow(row: CsvRow, columns: CsvColumns, property: CsvProperty, names: UnitNames) {
  const problems: CsvProblem[] = [];
  const cell = (field: CsvField): string => undefuse(row.cells[columns.at.get(field) ?? -1] ?? '').trim();
  const wrong = (field: CsvField, message: string) => {
    problems.push({ row: row.row, column: columns.named[field] ?? null, value: cell(field).slice(0, 200) || null, message });
  };
  const name = readName({ first: cell('firstName'), last: cell('lastName'), full: cell('name') });
  if (name.raw === '')
    wrong(columns.at.has('name') ? 'name' : columns.at.has('lastName') ? 'lastName' : 'firstName', 'The name is missing.');
  const email = readEmail(cell('emailAddress'));
  if (email.email === null && /@/.test(cell('emailAddress')) && !isSpokenFor(cell('emailAddress')))
    wrong('emailAddress', `"${cell('emailAddress').slice(0, 100)}" is not an e-mail address.`);
  const phones = readPhones([{ number: cell('phoneNumber'), kind: 'mobile' }], property.country);
  if (cell('phoneNumber') !== '' && !phones[0]?.e164) wrong('phoneNumber', phoneProblem(cell('phoneNumber'), property.country));
  const place = names.read(cell('unitId'), cell('building') || null, cell('bedroom') || null);
  if ('problem' in place) wrong('unitId', place.problem);
  const userTypes = readUserTypes(cell('userType'), property.kind);
  if (userTypes === null) wrong('userType', 'Known types are resident, owner-occupier, owner-investor, tenant and committee.');
  const order = property.country === 'US' ? 'month-first' : 'day-first';
  const [moveIn, moveOut] = [readDay(cell('moveIn'), order), readDay(cell('moveOut'), order)];
  const dayWord = order === 'month-first' ? '08/15/2026' : '15/08/2026';
  if (cell('moveIn') !== '' && moveIn === null) wrong('moveIn', `That is not a date such as 2026-08-15 or ${dayWord}.`);
  if (cell('moveOut') !== '' && moveOut === null) wrong('moveOut', `That is not a date such as 2026-08-15 or ${dayWord}.`);
  if (moveIn !== null && moveOut !== null && moveOut < moveIn) wrong('moveOut', 'The move-out is before the move-in.');
  if (problems.length > 0 || 'problem' in place || userTypes === null) return { problems, person: null, place: null };
  const upstreamId = cell('residentId').slice(0, 100) || csvId(name, email.email, phones[0]?.e164 ?? null, place.unitName);
  const stay = {
    leaseId: `${upstreamId}@${place.unitId}`.slice(0, 100),
    unitId: place.unitId,
    unitName: place.unitName,
    bedroom: place.bedroom,
  };
  const dates = { moveIn, moveOut, leaseStart: moveIn, leaseEnd: null, status: statusOn(property.today, moveIn, moveOut) };
  const role = property.kind === 'rental' ? 'primary' : roleOfTypes(userTypes);
  const checked = UpstreamPerson.safeParse({
    upstreamId,
    name,
    ...email,
    phones,
    userTypes,
    role,
    stays: [{ ...stay, ...dates }],
  });
  if (checked.success) return { problems, person: checked.data, place };
  wrong('unitId', `The ${checked.error.issues[0]?.path.at(-1)?.toString() ?? 'row'} is too long or not readable.`);
  return { problems, person: null, place: null };
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

/** "none@none.com" says that there is none; a slip of the keyboard says that somebody should look. */
const isSpokenFor = (written: string) => /^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i.test(written);

function phoneProblem(written: string, country: string): string {
  const digits = written.replace(/\D/g, '').length;
  if ((country === 'US' || country === 'CA') && digits !== 10 && digits !== 11)
    return `A phone number has 10 digits; this one has ${digits}.`;
  return 'That is not a phone number that can be called; write it with the country, such as +61 412 345 678.';
}

/** A row says nobody's id, so it is made of who they are: the same row again is the same person, a corrected phone too. Not of the e-mail alone: families share one. */
function csvId(name: Name, email: string | null, phone: string | null, unit: string): string {
  const who = `${name.first} ${name.last} ${name.company ?? ''}`
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const which = email ?? (phone === null ? `unit ${unit}` : `phone ${phone}`);
  return `csv-${createHash('sha256').update(`${who}|${which}`).digest('hex').slice(0, 24)}`;
}

function clashOf(
  person: UpstreamPerson,
  row: number,
  columns: CsvColumns,
  people: ReadonlyMap<string, { row: number; person: UpstreamPerson }>,
  phones: ReadonlyMap<string, { row: number; who: string }>,
): CsvProblem | null {
  const same = people.get(person.upstreamId);
  const stay = person.stays[0];
  if (same?.person.stays.some(({ unitId, bedroom }) => unitId === stay?.unitId && bedroom === stay.bedroom)) {
    return { row, column: null, value: null, message: `This is the same person in the same unit as in row ${same.row}.` };
  }
  const phone = person.phones[0];
  const other = phones.get(phone?.e164 ?? '');
  if (!phone || !other || other.who === person.upstreamId) return null;
  return {
    row,
    column: columns.named['phoneNumber'] ?? null,
    value: phone.raw,
    message: `Row ${other.row} has the same phone number; each may be in the file once.`,
  };
}

function addUnit(units: Map<string, UpstreamUnit>, { unitId, building, number, bedroom }: CsvPlace): void {
  const unit = units.get(unitId) ?? { upstreamId: unitId, building, number: number.slice(0, 50), bedrooms: [] };
  if (bedroom !== null && !unit.bedrooms.some(({ name }) => name === bedroom))
    unit.bedrooms.push({ upstreamId: `${unitId}-${bedroom}`.slice(0, 100), name: bedroom.slice(0, 50) });
  units.set(unitId, unit);
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

function roleOfTypes(types: readonly UserType[]): UpstreamPerson['role'] {
  if (types.includes('owner-occupier') || types.includes('owner-investor')) return 'owner';
  return types.includes('committee') && !types.includes('tenant') ? 'committee' : 'tenant';
}
