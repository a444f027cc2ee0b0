import type { UpstreamPerson } from '@leasewire/contracts';
import type { CsvFile } from './csv-people.rules.js';
import { csvText } from './csv-text.rules.js';

/** The template: the people and the empty units of a property, to edit and to upload again. */
export interface TemplatePerson {
  /** Stays in the file, so that a corrected name is the same person. */
  readonly id: string;
  readonly first: string;
  readonly last: string;
  readonly email: string | null;
  readonly phone: string | null;
  /** building-unit or unit, as UnitNames reads it. */
  readonly unit: string | null;
  readonly bedroom: string | null;
  readonly userTypes: readonly UpstreamPerson['userTypes'][number][];
  readonly moveIn: string | null;
  readonly moveOut: string | null;
}

const headers = [
  'emailAddress',
  'firstName',
  'lastName',
  'phoneNumber',
  'unitId',
  'bedroom',
  'userType',
  'moveIn',
  'moveOut',
  'residentId',
] as const;

export function csvTemplate(people: readonly TemplatePerson[], units: readonly string[]): string {
  const lived = new Set(people.map((person) => person.unit));
  const rows = people.map((one) => [
    one.email,
    one.first,
    one.last,
    one.phone,
    one.unit,
    one.bedroom,
    one.userTypes.join(';'),
    one.moveIn,
    one.moveOut,
    one.id,
  ]);
  // an empty unit is a line to fill in; left as it is it is skipped
  const empty = units.filter((unit) => !lived.has(unit)).map((unit) => ['', '', '', '', unit, '', '', '', '', '']);
  return csvText([headers, ...rows, ...empty]);
}

/** The rows that are wrong, each with what is wrong, in a last column that the next upload ignores. */
export function failedRows(file: Pick<CsvFile, 'headers' | 'failed' | 'problems'>): string {
  const told = (row: number) =>
    file.problems
      .filter((problem) => problem.row === row)
      .map(({ column, message }) => (column === null ? message : `${column}: ${message}`));
  const width = file.headers.length;
  const own = file.headers.at(-1) === problemColumn ? width - 1 : width;
  const cells = (row: readonly string[]) => Array.from({ length: own }, (_, at) => row[at] ?? '');
  return csvText([
    [...cells(file.headers), problemColumn],
    ...file.failed.map(({ row, cells: written }) => [...cells(written), told(row).join(' ')]),
  ]);
}

export const problemColumn = 'What is wrong';
