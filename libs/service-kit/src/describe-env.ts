import { z } from 'zod';
import { schemaOf } from './base-config.js';
import { descriptionOf, fieldsOf, isSecretField, mayBe } from './config-words.js';
import type { ServiceDefinition } from './definition.js';

/** The environment of a service as a table in Markdown, for its README: `node dist/cli.js env`. */
export function describeEnv(service: ServiceDefinition): string {
  const rows = [...fieldsOf(schemaOf(service))].map(([name, field]) => [
    `\`${name}\``,
    defaultOf(field),
    `${descriptionOf(field)}${isSecretField(field) ? ' (secret)' : ''}`,
    mayBe(field),
  ]);
  const header = ['variable', 'default', 'what it is', 'what it may be'];
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function defaultOf(field: z.core.$ZodType): string {
  const parsed = z.safeParse(field, undefined);
  if (!parsed.success) return '**needed**';
  if (parsed.data === undefined) return '';
  return `\`${typeof parsed.data === 'string' ? parsed.data : JSON.stringify(parsed.data)}\``;
}
