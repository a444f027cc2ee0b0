import { ResidentId, RoleId } from '@leasewire/contracts';
import { z } from 'zod';
import { inWords } from '../src/routing/issue-words.js';

/** What somebody reads who sent the value where the schema was wanted. */
function said(schema: z.ZodType, value: unknown): string[] {
  const { error } = z.object({ it: schema }).safeParse({ it: value });
  return (error?.issues ?? []).flatMap((issue) => inWords(issue)).map(({ path, message }) => `${path} ${message}`);
}

const properties = z.union([z.literal('all'), z.array(RoleId)]);

describe('what is said of a field', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['that is not there', z.string(), undefined, 'it is missing'],
    ['that is empty', z.string().min(1), '', 'it must not be empty'],
    ['that is an empty list', z.array(z.string()).min(1), [], 'it must not be empty'],
    ['that is too short', z.string().min(20), 'x', 'it must have at least 20 characters'],
    ['that is too long', z.string().max(2), 'xxx', 'it must have at most 2 characters'],
    ['with too many items', z.array(z.string()).max(1), ['a', 'b'], 'it must have at most 1 item'],
    ['that is too little', z.int().min(1), 0, 'it must be at least 1'],
    ['that is too much', z.int().max(200), 500, 'it must be at most 200'],
    ['that is not above', z.number().gt(0), 0, 'it must be more than 0'],
    ['that is no number', z.coerce.number(), 'abc', 'it must be a number'],
    ['that is no whole number', z.int(), 1.5, 'it must be a whole number'],
    ['that is no text', z.string(), 5, 'it must be text'],
    ['that is neither true nor false', z.boolean(), 'yes', 'it must be true or false'],
    ['that is no list', z.array(z.string()), {}, 'it must be a list'],
    ['that is none of the words', z.enum(['a', 'b', 'c']), 'd', 'it must be "a", "b" or "c"'],
    ['that is no id', RoleId, 'abc', 'it must be an id that begins with rol_'],
    ['that is no moment', z.iso.datetime(), 'now', 'it must be a moment such as 2026-11-20T09:00:00Z'],
    ['of another form', z.string().regex(/^[a-z]$/), 'Z', 'it must have the form /^[a-z]$/'],
    ['that may be two things, and is neither', properties, 'none', 'it must be "all" or a list'],
    ['that may be two things, and is nearly one', properties, ['x'], 'it.0 must be an id that begins with rol_'],
    [
      'that may be two ids',
      z.union([RoleId, ResidentId]),
      'x',
      'it must be an id that begins with rol_ or an id that begins with res_',
    ],
    ['for which the contract has its own words', z.string().min(3, 'should be longer'), '', 'it should be longer'],
  ])('%s', (_what, schema, value, sentence) => {
    expect(said(schema, value)).toEqual([sentence]);
  });
});
