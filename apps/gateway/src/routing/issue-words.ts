import type { z } from 'zod';
import type { FieldProblem } from './problems-of-input.js';

type Issue = z.core.$ZodIssue;

/** What zod found, as a sentence about the field for whoever sent it. What a contract says in its own words stays as it is. */
export function inWords(issue: Issue, under: readonly PropertyKey[] = []): FieldProblem[] {
  const at = [...under, ...issue.path];
  const path = at.map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, message: 'is not a field known here' }));
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find((branch) => branch.length > 0 && branch.every((one) => one.path.length > 0));
    if (meant) return meant.flatMap((one) => inWords(one, at));
  }
  return [{ path, message: isOurs(issue.message) ? issue.message : sentenceOf(issue) }];
}

/** zod's own sentences begin like this, in every locale that we load: none but the first. */
const isOurs = (message: string): boolean => !/^(Invalid|Too|Unrecognized)\b/.test(message);

function sentenceOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${anyOf(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'invalid_format':
      return formatOf(issue);
    case 'invalid_union':
      return unionOf(issue);
    case 'too_small':
      return sizeOf(issue.origin, 'least', issue.minimum, issue.inclusive ?? true);
    case 'too_big':
      return sizeOf(issue.origin, 'most', issue.maximum, issue.inclusive ?? true);
    default:
      return issue.message.replace(/^Invalid input: /, '');
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const formats: Readonly<Record<string, string>> = {
  datetime: 'a moment such as 2026-11-20T09:00:00Z',
  date: 'a day such as 2026-11-20',
  email: 'an e-mail address such as ana@example.com',
  url: 'an address such as https://example.com',
};

function formatOf({ format, pattern }: z.core.$ZodIssueInvalidStringFormat): string {
  const known = formats[format];
  if (known !== undefined) return `must be ${known}`;
  const [, prefix] = /^\^([a-z]+)_\[/.exec(pattern ?? '') ?? [];
  if (prefix !== undefined) return `must be an id that begins with ${prefix}_`;
  return pattern === undefined ? 'has not the form it should have' : `must have the form ${pattern}`;
}

/** Where no branch is clearly meant, what each of them would take. */
function unionOf({ errors, message }: z.core.$ZodIssueInvalidUnion): string {
  const wanted = errors.flatMap(([first]) => (first ? [sentenceOf(first)] : []));
  const fit = [...new Set(wanted)].map((one) => one.replace(/^must be /, ''));
  if (fit.length === 0) return message.replace(/^Invalid /, 'has an unknown ');
  return wanted.every((one) => one.startsWith('must be ')) ? `must be ${anyOf(fit)}` : fit.join(', or ');
}

function sizeOf(origin: string, which: 'least' | 'most', limit: number | bigint, inclusive: boolean): string {
  const units: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item', map: 'entry' };
  const unit = units[origin];
  if (unit === undefined) {
    const beyond = which === 'least' ? 'more' : 'less';
    return inclusive ? `must be at ${which} ${limit}` : `must be ${beyond} than ${limit}`;
  }
  if (which === 'least' && Number(limit) === 1) return 'must not be empty';
  return `must have at ${which} ${limit} ${unit}${Number(limit) === 1 ? '' : 's'}`;
}

function anyOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
