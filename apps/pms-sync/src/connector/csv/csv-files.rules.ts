import type { LocalDate, Resident } from '@leasewire/contracts';
import { problemColumn } from './csv-columns.rules.js';
import { saidOf, writtenName } from './csv-known.rules.js';
import type { FailedRow } from './csv-people.rules.js';
import { csvText } from './csv-text.rules.js';

type Shown = Pick<Resident, 'id' | 'upstreamId' | 'name' | 'email' | 'phones' | 'userTypes' | 'language' | 'sources'> & {
  readonly occupancies: readonly {
    readonly unit: string | null;
    readonly bedroom: string | null;
    readonly from: LocalDate | null;
    readonly until: LocalDate | null;
    readonly endedAt: string | null;
  }[];
};

const columns = [
  'emailAddress',
  'firstName',
  'lastName',
  'phoneNumber',
  'unitId',
  'bedroom',
  'userType',
  'language',
  'moveIn',
  'moveOut',
  'residentId',
] as const;

/** The template: the people and the empty units of a property, to edit and to upload again. */
export const templateHead = (): string => csvText([columns]);

/** One row for each unit of somebody. The id stays in the file, so that a corrected name is the same person. */
export function templateRows(people: readonly Shown[]): string {
  return csvText(
    people.flatMap((person) => {
      const { id, upstreamId, name, email, phones, userTypes, occupancies } = person;
      const { first, last } = writtenName(name);
      const living = occupancies.filter(({ endedAt }) => endedAt === null);
      const nowhere = { unit: null, bedroom: null, from: null, until: null };
      return (living.length > 0 ? living : [nowhere]).map(({ unit, bedroom, from, until }) => [
        email,
        first,
        last,
        phones[0]?.e164 ?? phones[0]?.raw,
        unit,
        bedroom,
        userTypes.join(';'),
        saidOf(person),
        from,
        until,
        upstreamId ?? id,
      ]);
    }),
  );
}

/** A line to fill in; left as it is it is skipped. */
export const templateUnits = (units: readonly string[]): string =>
  csvText(units.map((unit) => columns.map((column) => (column === 'unitId' ? unit : ''))));

/** The rows that are wrong as they were, each with what is wrong, in a last column that the next upload ignores. */
export class FailedRowsFile {
  readonly #width: number;

  constructor(private readonly headers: readonly string[]) {
    this.#width = headers.at(-1) === problemColumn ? headers.length - 1 : headers.length;
  }

  head(): string {
    return csvText([[...this.#cells(this.headers), problemColumn]]);
  }

  rows(failed: readonly FailedRow[]): string {
    return csvText(failed.map(({ cells, problems }) => [...this.#cells(cells), problems.map(sentenceOf).join(' ')]));
  }

  #cells(row: readonly string[]): string[] {
    return Array.from({ length: this.#width }, (_, at) => row[at] ?? '');
  }
}

const sentenceOf = ({ column, message }: FailedRow['problems'][number]): string =>
  column === null ? message : `${column}: ${message}`;
