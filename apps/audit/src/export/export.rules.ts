import type { AuditEntry } from '@leasewire/contracts';

export type ExportFormat = 'ndjson' | 'csv';

/** A part must fit a reply of the broker, with room for what JSON makes of its line breaks and quotes. */
const partBytes = 400_000;
export const partEntries = 5_000;

const columns = [
  'id',
  'seq',
  'at',
  'recordedAt',
  'actor',
  'actorName',
  'type',
  'what',
  'entity',
  'entityVersion',
  'propertyId',
  'correlationId',
  'eventId',
  'before',
  'after',
  'erased',
  'previousHash',
  'hash',
] as const satisfies readonly (keyof AuditEntry)[];

export const csvHeader = `${columns.join(',')}\r\n`;

export function lineOf(entry: AuditEntry, format: ExportFormat): string {
  if (format === 'ndjson') return `${JSON.stringify(entry)}\n`;
  return `${columns.map((column) => cellOf(entry[column])).join(',')}\r\n`;
}

/** A cell that a spreadsheet would take for a formula begins with an apostrophe. Also after spaces, which some ignore. */
const formula = /^\s*[=+\-@\t\r\n|]/;

export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export interface Part {
  readonly content: string;
  readonly entries: number;
}

/** Lines in parts that each fit a reply; a line is never torn. */
export function partsOf(lines: readonly string[]): Part[] {
  const parts: Part[] = [];
  let content: string[] = [];
  let bytes = 0;
  const close = (): void => {
    if (content.length > 0) parts.push({ content: content.join(''), entries: content.length });
    content = [];
    bytes = 0;
  };
  for (const line of lines) {
    const size = Buffer.byteLength(JSON.stringify(line));
    if (bytes + size > partBytes || content.length >= partEntries) close();
    content.push(line);
    bytes += size;
  }
  close();
  return parts;
}
