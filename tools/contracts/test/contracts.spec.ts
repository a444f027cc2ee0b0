import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defineEvent, defineJob, defineRpc, type EventContract, registry } from '@leasewire/contracts';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import ts from 'typescript';
import { z } from 'zod';
import { documents } from '../src/documents.js';
import { brokenBy, eventFile, jobFile, published, rpcFile } from '../src/frozen.js';
import { asText, plan } from '../src/plan.js';
import { sampleOf } from '../src/sample.js';

const root = join(__dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(root, folder), join(entry.parentPath, entry.name)));

describe('docs/contracts', () => {
  const snippets = Object.fromEntries(
    ['read-feed.mjs', 'subscribe.mjs'].map((name) => [name, read(`tools/contracts/examples/${name}`)]),
  );
  const there = new Map(filesIn('docs/contracts').map((path) => [path, read(`docs/contracts/${path}`)]));
  const { broken, write, remove } = plan(documents(registry, snippets), there, []);

  it('keeps every promise it made', () => {
    expect(broken).toEqual([]);
  });

  it('says what the contracts say (else: npm run contracts)', () => {
    expect([...write.keys(), ...remove]).toEqual([]);
  });
});

describe('the example of', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const whole = ajv.compile(JSON.parse(read('docs/contracts/envelope.json')) as object);

  it.each(registry.events.map((event) => [event.type, event] as const))(
    '%s fits its schema, as zod and as JSON Schema',
    (_type, event) => {
      expect(() => event.schema.parse(event.example)).not.toThrow();
      const valid = ajv.compile(eventFile(event).document);
      expect([valid(event.example), valid.errors]).toEqual([true, null]);
      expect([whole(sampleOf(event)), whole.errors]).toEqual([true, null]);
    },
  );

  it('an event that does not fit is refused by its schema', () => {
    const valid = ajv.compile(eventFile(registry.events[0] as EventContract).document);
    expect(valid({})).toBe(false);
  });
});

describe('a frozen contract', () => {
  const about = { describe: 'A bay is free.', view: 'service', example: { bay: 'A1', level: 1 } } as const;
  const freed = defineEvent('parking.bay.freed', 1, z.object({ bay: z.string(), level: z.int() }), about);
  const changed = (schema: z.ZodType): EventContract => ({ ...freed, schema });
  const before = new Map([[eventFile(freed).path, asText(eventFile(freed).document)]]);
  const after = (events: EventContract[], refreeze: string[] = []) =>
    plan({ frozen: events.map(eventFile), derived: new Map() }, before, refreeze);

  it('takes an additive change', () => {
    const { broken, write } = after([changed(z.object({ bay: z.string(), level: z.int(), covered: z.boolean() }))]);
    expect(broken).toEqual([]);
    expect([...write.keys()]).toEqual(['events/parking.bay.freed.v1.json']);
  });

  it('refuses a breaking one, naming what breaks, and says to add a version beside', () => {
    expect(after([changed(z.object({ bay: z.int() }))]).broken).toEqual([
      {
        name: 'parking.bay.freed.v1',
        problems: ['bay the type was string and is integer', 'level is gone'],
        advice: expect.stringContaining("add version 2 beside it: defineEvent('parking.bay.freed', 2, …)") as string,
      },
    ]);
  });

  it('cannot be withdrawn silently', () => {
    expect(after([]).broken).toMatchObject([{ name: 'parking.bay.freed.v1', problems: ['it is gone from the registry'] }]);
  });

  it('may stand beside its next version', () => {
    const next = defineEvent('parking.bay.freed', 2, z.object({ bay: z.int() }), { ...about, example: { bay: 1 } });
    expect(after([freed, next])).toMatchObject({ broken: [], remove: [] });
  });

  it('that nobody used yet can be frozen anew, by name', () => {
    expect(after([changed(z.object({}))], ['parking.bay.freed.v1']).broken).toEqual([]);
    expect(after([], ['parking.bay.freed.v1'])).toMatchObject({ broken: [], remove: ['events/parking.bay.freed.v1.json'] });
  });

  const call = (input: z.ZodObject, output: z.ZodObject, does: 'query' | 'command' = 'query') =>
    rpcFile(defineRpc('parking.park', { input, output, does, permission: 'member', describe: 'Parks.' }));
  const job = (input: z.ZodObject, item: z.ZodObject) =>
    jobFile(defineJob('parking.clear', { input, item, permission: 'residence.residence:full', describe: 'Clear it' }));
  const [plate, more] = [z.object({ plate: z.string() }), z.object({ plate: z.string(), colour: z.string() })];
  const wider = z.object({ plate: z.string(), colour: z.string().optional() });

  it.each([
    ['call whose callers must send more', call(plate, plate), call(more, plate), ['input: colour']],
    ['call whose callers may send more', call(plate, plate), call(wider, plate), []],
    ['call that answers more', call(plate, plate), call(plate, more), []],
    ['call that answers less', call(plate, more), call(plate, plate), ['output: colour']],
    ['query that becomes a command', call(plate, plate), call(plate, plate, 'command'), ['does']],
    ['command that becomes a query', call(plate, plate, 'command'), call(plate, plate), []],
    ['job that needs more', job(plate, plate), job(more, plate), ['input: colour']],
    ['job whose items say less', job(plate, more), job(plate, plate), ['item: colour']],
    ['job whose items say more', job(plate, plate), job(plate, more), []],
  ])('of a %s', (_what, before, next, broken) => {
    expect(brokenBy(before.document, next).map(({ at }) => at)).toEqual(broken);
  });

  it('of a call keeps what is sent and what is answered', () => {
    const files = published(registry).filter(({ kind }) => kind === 'rpc');
    expect(files.map(({ name }) => name).sort()).toEqual(registry.rpcs.map(({ name }) => name).sort());
  });
});

describe('libs/contracts in a browser', () => {
  const sources = filesIn('libs/contracts/src').map((path) => join(root, 'libs/contracts/src', path));

  it('imports zod and itself, nothing else', () => {
    const imported = sources.flatMap((file) =>
      ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles.map(({ fileName }) => fileName),
    );
    expect([...new Set(imported.filter((name) => !name.startsWith('./') && !name.startsWith('../')))]).toEqual(['zod']);
  });

  it('compiles without the types of Node: no process, no Buffer, no timers', () => {
    const program = ts.createProgram(sources, {
      ...ts.parseJsonConfigFileContent(
        ts.readConfigFile(join(root, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)).config,
        ts.sys,
        root,
      ).options,
      types: [],
      noEmit: true,
      composite: false,
      rootDir: join(root, 'libs/contracts/src'),
      configFilePath: undefined,
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText, file }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
    expect(problems).toEqual([]);
  });
});
