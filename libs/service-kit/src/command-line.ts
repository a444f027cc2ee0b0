import { parseArgs } from 'node:util';
import { z } from 'zod';
import { descriptionOf, fieldsOf, mayBe } from './config-words.js';
import type { Command } from './command.js';
import { messageOf } from './is-error.js';

/** What a person typed does not fit; the message says what would. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The command whose words the line begins with, and its options, parsed. */
export function readCommandLine(
  service: string,
  commands: readonly Command[],
  line: readonly string[],
): { command: Command; args: Record<string, unknown> } {
  const command = [...commands]
    .sort((a, b) => b.name.length - a.name.length)
    .find(({ name }) => startsWith(line, name.split(' ')));
  if (!command)
    throw new UsageError(
      `${line.length === 0 ? 'Say what to do.' : `${service} has no command “${line.join(' ')}”.`}\n\n${listOf(service, commands)}`,
    );
  const given = line.slice(command.name.split(' ').length);
  if (given.includes('--help')) throw new UsageError(usageOf(service, command));
  const parsed = command.args.safeParse(optionsIn(command, given));
  if (parsed.success) return { command, args: parsed.data };
  const problems = parsed.error.issues.map((issue) => {
    const field = fieldsOf(command.args).get(String(issue.path[0]));
    return `  --${kebab(issue.path.join('.'))} must be ${field ? mayBe(field) : 'left out'} (${issue.message})`;
  });
  throw new UsageError(`${problems.join('\n')}\n\n${usageOf(service, command)}`);
}

function optionsIn(command: Command, given: readonly string[]): Record<string, unknown> {
  const fields = [...fieldsOf(command.args)];
  const options = Object.fromEntries(
    fields.map(([name, field]) => [kebab(name), { type: isFlag(field) ? ('boolean' as const) : ('string' as const) }]),
  );
  try {
    const { values } = parseArgs({ args: [...given], options, strict: true, allowPositionals: false });
    return Object.fromEntries(
      fields.flatMap(([name]) => (values[kebab(name)] === undefined ? [] : [[name, values[kebab(name)]]])),
    );
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function isFlag(field: z.core.$ZodType): boolean {
  return z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }).type === 'boolean';
}

const startsWith = (line: readonly string[], words: readonly string[]): boolean => words.every((word, at) => line[at] === word);

export function listOf(service: string, commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [`Commands of ${service}:`, ...commands.map(({ name, describe }) => `  ${name.padEnd(width)}  ${describe}`)].join('\n');
}

function usageOf(service: string, command: Command): string {
  const options = [...fieldsOf(command.args)].map(([name, field]) => {
    const needed = z.safeParse(field, undefined).success ? '' : ' (needed)';
    return `  --${kebab(name)}  ${descriptionOf(field) || mayBe(field)}${needed}`;
  });
  return [`${service} ${command.name}: ${command.describe}`, ...options].join('\n');
}
