import type { LogDestination } from '@leasewire/service-kit';

export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

/** Catches what a service logs: `startService(definition, {}, { logTo: logs })`. */
export class CapturedLogs implements LogDestination {
  text = '';

  write(line: string): void {
    this.text += line;
  }

  get lines(): LogLine[] {
    return this.text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LogLine] : []));
  }

  /** The lines whose message holds this. */
  saying(part: string): LogLine[] {
    return this.lines.filter(({ msg }) => msg.includes(part));
  }
}

export const capturedLogs = (): CapturedLogs => new CapturedLogs();
