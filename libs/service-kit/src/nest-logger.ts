import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';
import { isError } from './is-error.js';
import { redact } from './redact.js';

/** Nest announces each module and route at boot; that is for debugging. What code says through Nest's logger is not. */
const chatter = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

/** Lets Nest, and libraries that log through it, write through ours. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const { context, fields } = split(rest);
    if (context !== undefined && chatter.has(context)) this.logger.debug(fields, text(message));
    else this.logger.info(fields, text(message));
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(withError(message, rest), text(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(withError(message, rest), text(message));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(split(rest).fields, text(message));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(split(rest).fields, text(message));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(split(rest).fields, text(message));
  }
}

/** Nest's convention: the last string is the context, whatever stands before it belongs to the message. */
function split(rest: readonly unknown[]): { context: string | undefined; fields: Record<string, unknown> } {
  const last = rest.at(-1);
  const context = typeof last === 'string' ? last : undefined;
  const more = context === undefined ? rest : rest.slice(0, -1);
  return { context, fields: { ...(context === undefined ? {} : { context }), ...(more.length === 0 ? {} : { more }) } };
}

function withError(message: unknown, rest: readonly unknown[]): Record<string, unknown> {
  const { fields } = split(rest);
  return isError(message) ? { ...fields, err: message } : fields;
}

function text(message: unknown): string {
  if (typeof message === 'string') return message;
  if (isError(message)) return message.message;
  return typeof message === 'object' && message !== null ? JSON.stringify(redact(message)) : String(message);
}
