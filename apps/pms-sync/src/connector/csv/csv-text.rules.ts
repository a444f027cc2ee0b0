import { csvLine } from '@leasewire/service-kit';
import { parse } from 'csv-parse/sync';

export interface CsvRow {
  /** As a spreadsheet numbers it: the header is row 1. */
  readonly row: number;
  readonly cells: readonly string[];
}
export type CsvText =
  | { readonly ok: true; readonly headers: readonly string[]; readonly rows: CsvRow[] }
  | { readonly ok: false; readonly message: string };

export const mostRows = 20_000;
const mostColumns = 100;
/** Longer ones are cut, and said to be too long. */
export const longestCell = 1000;

/** RFC 4180, and what spreadsheets make of it: a BOM, semicolons or tabs, CRLF or LF, empty lines, a `sep=` line, short rows. */
export function readCsvText(text: string): CsvText {
  const body = text.replace(/^\uFEFF/, '').replace(/^sep=.\r?\n/i, '');
  if (body.trim() === '') return { ok: false, message: 'The file is empty.' };
  if (body.includes('\u0000') || /^(PK\u0003|%PDF|\u00D0\u00CF|\s*<(html|table|!doctype|\?xml))/i.test(body)) {
    return { ok: false, message: 'This is not a CSV file. In a spreadsheet choose Save as, CSV (UTF-8).' };
  }
  const first = body.split(/\r\n|\n|\r/).find((line) => line.trim() !== '') ?? '';
  const delimiter = delimiterOf(first);
  const attempt = parsed(body, delimiter);
  if (typeof attempt === 'string') return { ok: false, message: attempt };
  const [headers, ...rows] = attempt;
  if (!headers) return { ok: false, message: 'The file is empty.' };
  if (headers.cells.length > mostColumns)
    return { ok: false, message: `The file has ${headers.cells.length} columns; ${mostColumns} are taken.` };
  if (rows.length > mostRows) return { ok: false, message: `The file has ${rows.length} rows; ${mostRows} are taken at once.` };
  return { ok: true, headers: headers.cells, rows };
}

function parsed(body: string, delimiter: string): CsvRow[] | string {
  const lines: CsvRow[] = [];
  try {
    parse(body, {
      delimiter,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      trim: true,
      max_record_size: 200_000,
      on_record: (cells: readonly string[], context) => {
        if (cells.some((cell) => cell !== ''))
          lines.push({ row: rowNumber(context.lines, cells), cells: cells.slice(0, mostColumns + 1).map(shortened) });
        return null;
      },
    });
    return lines;
  } catch (error) {
    const line =
      typeof error === 'object' && error !== null && 'lines' in error && typeof error.lines === 'number' ? error.lines : null;
    return `A quotation mark is not closed, or stands in the middle of a cell${line === null ? '' : ` (line ${line})`}.`;
  }
}

const shortened = (cell: string): string => (cell.length > longestCell ? cell.slice(0, longestCell + 1) : cell);

/** The parser counts the line where a row ended; a cell with line breaks began earlier. */
const rowNumber = (endLine: number, cells: readonly string[]) =>
  endLine - cells.reduce((breaks, cell) => breaks + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);

/** What separates the headers most, outside of quotation marks. */
function delimiterOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((char) => ({ char, count: bare.split(char).length - 1 }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).char;
}

export const csvText = (rows: readonly (readonly (string | number | null | undefined)[])[]): string => rows.map(csvLine).join('');
