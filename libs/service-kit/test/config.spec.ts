import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, describeEnv, flag, json, list, loadConfig, variable, wholeNumber } from '../src/index.js';
import { demo } from './demo/demo.service.js';

const schema = z.object({
  LEASEWIRE_PLACES: variable(wholeNumber(1, 10).default(3), { describe: 'How many places' }),
  LEASEWIRE_COLOUR: variable(z.enum(['red', 'green']), { describe: 'Which colour' }),
  LEASEWIRE_DEMO_SECRET: variable(z.string().min(8), { describe: 'A secret', secret: true }),
  LEASEWIRE_LOUD: variable(flag().default(false), { describe: 'Loud or not' }),
  LEASEWIRE_NAMES: variable(list().default([]), { describe: 'Names' }),
  LEASEWIRE_SHAPE: variable(json(z.object({ sides: z.int() })).optional(), { describe: 'A shape' }),
});
const good = { LEASEWIRE_COLOUR: 'red', LEASEWIRE_DEMO_SECRET: 'long enough' };
const load = (env: Record<string, string>) => loadConfig('demo', schema, { ...good, ...env });
const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig('demo', schema, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};
const fileWith = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'value');
  writeFileSync(file, text);
  return file;
};

describe('the configuration', () => {
  it('is typed, complete and frozen', () => {
    const { config } = load({ LEASEWIRE_LOUD: 'yes', LEASEWIRE_NAMES: 'a, b,,c', LEASEWIRE_SHAPE: '{"sides":4}' });
    expect(config).toEqual({
      LEASEWIRE_PLACES: 3,
      LEASEWIRE_COLOUR: 'red',
      LEASEWIRE_DEMO_SECRET: 'long enough',
      LEASEWIRE_LOUD: true,
      LEASEWIRE_NAMES: ['a', 'b', 'c'],
      LEASEWIRE_SHAPE: { sides: 4 },
    });
    expect(Object.isFrozen(config) && Object.isFrozen(config.LEASEWIRE_NAMES) && Object.isFrozen(config.LEASEWIRE_SHAPE)).toBe(
      true,
    );
  });

  it('tells every problem at once: the name, what is wrong, what it may be', () => {
    expect(
      problemsOf({ LEASEWIRE_PLACES: 'eleven', LEASEWIRE_COLOUR: 'blue', LEASEWIRE_LOUD: 'perhaps', LEASEWIRE_SHAPE: '{' }),
    ).toEqual([
      'LEASEWIRE_COLOUR is "blue"; it must be one of red, green.',
      'LEASEWIRE_DEMO_SECRET is missing; it must be some text.',
      'LEASEWIRE_LOUD is "perhaps"; it must be yes or no.',
      'LEASEWIRE_PLACES is "eleven"; it must be a whole number from 1 to 10.',
      'LEASEWIRE_SHAPE is "{" (is not JSON); it must be a JSON object.',
    ]);
  });

  it('never prints a secret, not even a wrong one', () => {
    const [problem] = problemsOf({ ...good, LEASEWIRE_DEMO_SECRET: 'hunter2' });
    expect(problem).toMatch(/LEASEWIRE_DEMO_SECRET has a value that does not fit/);
    expect(problem).not.toContain('hunter2');
  });

  it('knows which values are secret', () => {
    expect(load({}).secrets).toEqual(['long enough']);
  });

  it('takes an empty variable for none', () => {
    expect(load({ LEASEWIRE_PLACES: '' }).config.LEASEWIRE_PLACES).toBe(3);
  });

  describe('reads <NAME>_FILE', () => {
    it('without its last line end', () => {
      const file = fileWith('from a file\n');
      expect(
        loadConfig('demo', schema, { LEASEWIRE_COLOUR: 'red', LEASEWIRE_DEMO_SECRET_FILE: file }).config.LEASEWIRE_DEMO_SECRET,
      ).toBe('from a file');
    });
    it('and says when it cannot', () => {
      expect(problemsOf({ LEASEWIRE_COLOUR: 'red', LEASEWIRE_DEMO_SECRET_FILE: '/no/such/file' })).toEqual([
        expect.stringMatching(/^LEASEWIRE_DEMO_SECRET_FILE names a file that cannot be read \(ENOENT/),
      ]);
    });
    it('and refuses both', () => {
      expect(problemsOf({ ...good, LEASEWIRE_DEMO_SECRET_FILE: fileWith('x') })).toEqual([
        'LEASEWIRE_DEMO_SECRET and LEASEWIRE_DEMO_SECRET_FILE are both set; keep one of them.',
      ]);
    });
  });

  it.each([
    ['LEASEWIRE_COLOR', ['LEASEWIRE_COLOR is not read by this service. Did you mean LEASEWIRE_COLOUR?']],
    [
      'LEASEWIRE_DEMO_SECRET_FIEL',
      ['LEASEWIRE_DEMO_SECRET_FIEL is not read by this service. Did you mean LEASEWIRE_DEMO_SECRET_FILE?'],
    ],
    ['LEASEWIRE_SOMETHING_OF_ANOTHER_SERVICE', []],
    ['LEASEWIRE_HOME', []],
    ['COLOUR', []],
  ])('of %s says %j', (name, warnings) => {
    expect(load({ [name]: 'x' }).warnings).toEqual(warnings);
  });

  it('can be shown as a table', () => {
    const table = describeEnv(demo);
    expect(table).toContain(
      '| `LEASEWIRE_LOG_LEVEL` | `info` | The least important lines that are logged | one of trace, debug, info, warn, error, fatal |',
    );
    expect(table).toContain('| `LEASEWIRE_DEMO_GREETING` | `hello` | What the demo says first | some text |');
    expect(table).toMatch(/`LEASEWIRE_MONGODB_URI` \| \*\*needed\*\* \| MongoDB[^|]*\(secret\)/);
    expect(table).not.toContain('LEASEWIRE_PORT');
  });
});
