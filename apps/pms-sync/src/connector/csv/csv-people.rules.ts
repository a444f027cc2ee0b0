import type { UpstreamPerson } from '@leasewire/contracts';
import type { UpstreamUnit } from '../connector.js';
import { missingColumns, readColumns, type CsvColumns } from './csv-columns.rules.js';
import { KnownPeople, type KnownPerson } from './csv-known.rules.js';
import { readRow, type Around, type CsvProblem, type CsvProperty, type ReadRow } from './csv-row.rules.js';
import { readCsvText, type CsvRow } from './csv-text.rules.js';
import { UnitNames, type CsvPlace, type KnownUnit } from './csv-unit.rules.js';

export interface CsvPerson {
  /** Of their first row. */
  readonly row: number;
  readonly person: UpstreamPerson;
  readonly isKnown: boolean;
}
export interface FailedRow extends CsvRow {
  readonly problems: readonly CsvProblem[];
}
export interface Known extends CsvProperty {
  readonly units: readonly KnownUnit[];
  readonly people: readonly KnownPerson[];
}

const mostStays = 50;

/** A file while it is read, some rows at a time: who is right, and what is wrong with the others. A wrong row stops nobody else. */
export class CsvReading {
  readonly people = new Map<string, CsvPerson>();
  readonly failed: FailedRow[] = [];
  /** What of right rows somebody should look at. */
  readonly warnings: CsvProblem[] = [];
  /** Rows that are wrong and do not even say whom they are about. */
  unclear = 0;
  readonly #around: Around;
  readonly #phones = new Map<string, { row: number; who: string }>();
  readonly #units = new Map<string, UpstreamUnit & { readonly isNew: boolean }>();
  readonly #mentioned = new Set<string>();

  private constructor(
    readonly headers: readonly string[],
    readonly rows: readonly CsvRow[],
    readonly columns: CsvColumns,
    { units, people, ...property }: Known,
  ) {
    this.#around = { columns, property, units: new UnitNames(units), people: new KnownPeople(people) };
  }

  static of(text: string, known: Known): CsvReading | { readonly unreadable: string } {
    const file = readCsvText(text);
    if (!file.ok) return { unreadable: file.message };
    const columns = readColumns(file.headers);
    const missing = missingColumns(columns);
    return missing === null ? new CsvReading(file.headers, file.rows, columns, known) : { unreadable: missing };
  }

  get problems(): CsvProblem[] {
    return this.failed.flatMap(({ problems }) => problems);
  }
  /** Units that the property does not have, and those of which the file names a bedroom that it does not have. */
  get units(): UpstreamUnit[] {
    return [...this.#units.values()].map(({ isNew: _, ...unit }) => unit);
  }
  get newUnits(): number {
    return [...this.#units.values()].filter(({ isNew }) => isNew).length;
  }
  /** Who lives there and is in no row, neither a right one nor one that is wrong. */
  get missing(): KnownPerson[] {
    return this.#around.people.all.filter(({ id }) => !this.people.has(id) && !this.#mentioned.has(id));
  }

  read(rows: readonly CsvRow[]): void {
    for (const row of rows) {
      if (this.#isOnlyAUnit(row)) this.#unitOf(row);
      else this.#put(row, readRow(row, this.#around));
    }
  }

  #put(row: CsvRow, { described, problems, warnings, found }: ReadRow): void {
    const clash = found && this.#clash(row.row, found);
    if (!found || clash) {
      this.failed.push({ ...row, problems: clash ? [...problems, clash] : problems });
      const perhaps = this.#around.people.perhaps(described);
      if (perhaps === null) this.unclear += 1;
      for (const { id } of perhaps ?? []) this.#mentioned.add(id);
      return;
    }
    const { person, place, known } = found;
    const before = this.people.get(person.upstreamId);
    if (before) addRow(before.person, person);
    else this.people.set(person.upstreamId, { row: row.row, person, isKnown: known !== null });
    this.warnings.push(...warnings, ...this.#samePhone(row.row, found, described.phone));
    if (place) this.#addUnit(place);
  }

  #clash(row: number, { person }: NonNullable<ReadRow['found']>): CsvProblem | null {
    const same = this.people.get(person.upstreamId);
    const [stay] = person.stays;
    const again = stay
      ? same?.person.stays.some(({ unitId, bedroom }) => unitId === stay.unitId && bedroom === stay.bedroom)
      : same !== undefined;
    if (same && again)
      return { row, column: null, value: null, message: `This is the same person in the same unit as in row ${same.row}.` };
    if (same && same.person.stays.length >= mostStays)
      return { row, column: null, value: null, message: `Somebody has ${mostStays} units at most; see row ${same.row}.` };
    return null;
  }

  /** Families share one; it may also be a slip. Who had it before is not asked about again. */
  #samePhone(row: number, { person, known }: NonNullable<ReadRow['found']>, phone: string | null): CsvProblem[] {
    if (phone === null) return [];
    const other = this.#phones.get(phone);
    if (!other) this.#phones.set(phone, { row, who: person.upstreamId });
    if (!other || other.who === person.upstreamId || known?.phones.some(({ e164 }) => e164 === phone)) return [];
    const message = `Row ${other.row} has the same phone number. Both are imported with it; correct it if it is a slip.`;
    return [{ row, column: this.columns.named['phoneNumber'] ?? null, value: phone, message }];
  }

  /** A line of the template that nobody filled in, or of a list of all units. */
  #isOnlyAUnit({ cells }: CsvRow): boolean {
    const { at } = this.columns;
    const place = new Set([at.get('unitId'), at.get('building'), at.get('bedroom')]);
    return cells.every((cell, column) => cell === '' || place.has(column)) && (cells[at.get('unitId') ?? -1] ?? '') !== '';
  }

  #unitOf({ cells }: CsvRow): void {
    const cell = (field: 'unitId' | 'building' | 'bedroom'): string => cells[this.columns.at.get(field) ?? -1] ?? '';
    const place = this.#around.units.read(cell('unitId'), cell('building') || null, cell('bedroom') || null);
    if (!('problem' in place)) this.#addUnit(place);
  }

  #addUnit({ unitId, building, number, bedroom, known }: CsvPlace): void {
    const lacks = bedroom !== null && !known?.bedrooms.some(({ name }) => name === bedroom);
    if (known && !lacks) return;
    const bedrooms = known?.bedrooms.map((own) => ({
      upstreamId: own.upstreamId ?? bedroomId(unitId, own.name),
      name: own.name,
    }));
    const unit = this.#units.get(unitId) ?? {
      upstreamId: unitId,
      building,
      number: number.slice(0, 50),
      bedrooms: bedrooms ?? [],
      isNew: !known,
    };
    if (lacks && unit.bedrooms.length < 50 && !unit.bedrooms.some(({ name }) => name === bedroom))
      unit.bedrooms.push({ upstreamId: bedroomId(unitId, bedroom), name: bedroom.slice(0, 50) });
    this.#units.set(unitId, unit);
  }
}

/** The whole of a file at once. */
export function readCsv(text: string, known: Known): CsvReading | { readonly unreadable: string } {
  const reading = CsvReading.of(text, known);
  if ('rows' in reading) reading.read(reading.rows);
  return reading;
}

/** Another row of somebody: another unit, or another bedroom, which is another lease; and what else they are there. */
function addRow(person: UpstreamPerson, { stays: [stay], userTypes, role, language }: UpstreamPerson): void {
  person.userTypes = [...new Set([...person.userTypes, ...userTypes])];
  if (role === 'owner') person.role = role;
  if (language && !person.language) person.language = language;
  if (!stay) return;
  const again = person.stays.filter(({ unitId }) => unitId === stay.unitId).length;
  person.stays.push(again === 0 ? stay : { ...stay, leaseId: `${stay.leaseId.slice(0, 96)}#${again + 1}` });
}

const bedroomId = (unitId: string, name: string): string => `${unitId}-${name}`.slice(0, 100);
