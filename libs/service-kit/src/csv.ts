/** Also after white space, which some spreadsheets ignore, and in full width, which some take for the same. */
const formula = /^\s*[=+\-@|\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
/** Telephone numbers and amounts: a spreadsheet makes a number of them, never a formula with a name in it. */
const harmless = /^[+-]?\d[\d .]*$/;
const quoted = /[",;\r\n\t]|^\s|\s$/;

/** A cell that a spreadsheet would run as a formula is defused with an apostrophe, then quoted where RFC 4180 asks for it. */
export function csvCell(value: unknown): string {
  const text = textOf(value);
  const safe = isRun(text) ? `'${text}` : text;
  return quoted.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** What `csvCell`, or whoever else is careful, put in front is taken off again when the file comes back: also of telephone numbers. */
export const csvUndefused = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;

const isRun = (text: string): boolean => formula.test(text) && !harmless.test(text);

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
