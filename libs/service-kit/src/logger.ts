import { currentContext, type Log } from '@leasewire/messaging';
import pino, { type Level, type Logger as Pino } from 'pino';
import { prettyLine } from './pretty-line.js';
import { redact } from './redact.js';
import { redactText } from './redact-text.js';
import { isError } from './is-error.js';

export interface LogDestination {
  write(line: string): void;
}

export interface LoggerOptions {
  readonly service: string;
  readonly level?: Level;
  readonly format?: 'json' | 'pretty';
  /** Values that are known to be secret: they are blotted out wherever they turn up. */
  readonly hidden?: readonly string[];
  readonly destination?: LogDestination;
  readonly onLine?: (level: Level) => void;
}

/**
 * The one logger of a process. Every line says in which call or event it was written, and nothing leaves it that looks like
 * a secret. Lines are written at once: the last ones before a crash are the ones that matter.
 */
export class Logger implements Log {
  private constructor(
    private readonly pino: Pino,
    private readonly destination: LogDestination,
    private readonly hidden: readonly string[],
    private readonly onLine: (level: Level) => void,
    private readonly format: 'json' | 'pretty',
  ) {}

  static create(options: LoggerOptions): Logger {
    const { service, level = 'info', format = 'json', hidden = [], onLine = () => undefined } = options;
    const raw = options.destination ?? pino.destination({ fd: 1, sync: true });
    const destination = format === 'pretty' ? { write: (line: string) => raw.write(prettyLine(line)) } : raw;
    const base = pino(
      {
        level,
        base: { service },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        serializers: { err: (value: unknown) => value },
      },
      destination,
    );
    // short values would blot out half of the log; no real secret is that short
    return new Logger(
      base,
      destination,
      hidden.filter((value) => value.length >= 6),
      onLine,
      format,
    );
  }

  trace(fields: object, message: string): void {
    this.#line('trace', fields, message);
  }
  debug(fields: object, message: string): void {
    this.#line('debug', fields, message);
  }
  info(fields: object, message: string): void {
    this.#line('info', fields, message);
  }
  warn(fields: object, message: string): void {
    this.#line('warn', fields, message);
  }
  error(fields: object, message: string): void {
    this.#line('error', fields, message);
  }
  fatal(fields: object, message: string): void {
    this.#line('fatal', fields, message);
  }

  get infoEnabled(): boolean {
    return this.pino.isLevelEnabled('info');
  }

  /**
   * Finished JSON lines of info level, many at once and unsearched: for access logs, made of nothing that could be a secret
   * (route templates, statuses, ids). Everything else goes through the methods above.
   */
  writeLines(lines: string): void {
    for (const line of this.format === 'pretty' ? lines.split('\n') : [lines])
      if (line !== '') this.destination.write(this.format === 'pretty' ? line : withNewline(line));
  }

  #line(level: Level, fields: object, message: string): void {
    if (!this.pino.isLevelEnabled(level)) return;
    this.onLine(level);
    const context = currentContext.getStore();
    const all = isError(fields) ? { err: fields } : fields;
    const safe = redact({ ...context, ...all }, this.hidden);
    this.pino[level](withoutClashes(safe), redactText(message, this.hidden));
  }
}

const withNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

const ours = ['time', 'level', 'service', 'msg'] as const;

/** A field of the same name as one of pino's own would make a line with two of them. */
function withoutClashes(fields: unknown): object {
  if (typeof fields !== 'object' || fields === null) return {};
  const entries = Object.entries(fields);
  if (!entries.some(([key]) => ours.some((name) => name === key))) return fields;
  return Object.fromEntries(entries.map(([key, value]) => [ours.some((name) => name === key) ? `${key}_` : key, value]));
}
