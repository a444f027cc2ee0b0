import type { AuditEntry } from '@leasewire/contracts';
import { csvLine } from '@leasewire/service-kit';

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

export const csvHeader = csvLine(columns);

export function lineOf(entry: AuditEntry, format: ExportFormat): string {
  if (format === 'ndjson') return `${JSON.stringify(entry)}\n`;
  return csvLine(columns.map((column) => entry[column]));
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
