import fc from 'fast-check';
import { EntrataClient } from '../../src/connector/entrata/entrata.client.js';
import { EntrataSettings } from '../../src/connector/entrata/entrata.settings.js';
import { VendorError } from '../../src/connector/vendor-error.js';
import { listUnder, type Json } from '../../src/connector/vendor-json.rules.js';
import { cutPage, WrittenRow } from '../../src/connector/written-rows.js';
import { fakeVendor, reply } from './fake-vendor.js';

const nobody = () => false;
const rowsOf = (text: string, isKnown: (hash: string) => boolean = nobody) => cutPage(text, 'lease', isKnown);
const leases = (result: Json) => (result['leases'] === undefined ? null : listUnder(result['leases'], 'lease', 'Lease'));
const call = { service: 'leases', method: 'getLeases', what: 'the leases' } as const;
const clientOf = (text: string) =>
  new EntrataClient(
    EntrataSettings.parse({ subdomain: 'a' }),
    { apiKey: 'secret' },
    fakeVendor(() => reply(text)),
  );

type Read = { items: unknown[]; rest: object } | { code: string };
async function orWhy(read: () => Promise<Read>): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof VendorError) return { code: error.code };
    throw error;
  }
}
/** What is made of a page that is read as a whole, and of one whose rows are cut out. */
const whole = (text: string) =>
  orWhy(async () => {
    const { items, ...rest } = await clientOf(text).page(call, leases);
    return { items: [...items], rest };
  });
const inRows = (text: string, isKnown: (hash: string) => boolean) =>
  orWhy(async () => {
    const { items, ...rest } = await clientOf(text).writtenPage(call, leases, 'lease', isKnown);
    return { items: items.map(({ value }) => value), rest };
  });

const pageOf = (rows: unknown, more: object = {}) => ({ response: { code: 200, result: { ...more, leases: { lease: rows } } } });
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"lease":[{', '}]}', '\\', '\\"', '[{"a":1}]', 'ü€𝄞'));
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.boolean(), fc.constant(null), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 3 }),
  object: fc.dictionary(fc.oneof(text, fc.constantFrom('lease', 'id', 'leases')), tie('any'), { maxKeys: 4 }),
}));
const page = fc.record({
  rows: fc.array(fc.oneof({ weight: 6, arbitrary: value.object }, { weight: 1, arbitrary: value.any }), { maxLength: 5 }),
  before: value.object,
  spaces: fc.constantFrom(undefined, 1, '\t'),
});
const written = ({ rows, before, spaces }: { rows: unknown; before: unknown; spaces: string | number | undefined }) =>
  JSON.stringify(pageOf(rows, before as object), null, spaces);
const some = (text: string, which: readonly boolean[]) => {
  const rows = rowsOf(text)?.rowsFor(leases(resultOf(rowsOf(text)?.text ?? '{}'))!) ?? [];
  return new Set(rows.filter((_, at) => which[at % which.length]).map(({ hash }) => hash));
};
const resultOf = (text: string) => (JSON.parse(text) as { response: { result: Json } }).response.result;

describe('a page whose rows are cut out', () => {
  it('says what it says as a whole, whatever is known of it', async () => {
    await fc.assert(
      fc.asyncProperty(page, fc.array(fc.boolean(), { minLength: 1 }), async (said, which) => {
        const text = written(said);
        const known = some(text, which);
        expect(await inRows(text, (hash) => known.has(hash))).toEqual(await whole(text));
      }),
      { numRuns: 300 },
    );
  });

  it('and damaged, too: what is known was read from it when it was whole', async () => {
    const damage = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(30)),
      by: fc.constantFrom(' ', 'x', '7', 'é', '', ',', '"', '}', '{', ']', '[', '\\', ':', 'null', '"lease":[', '{"lease":[{}]}'),
    });
    const fate = { refused: 0, read: 0 };
    await fc.assert(
      fc.asyncProperty(page, fc.array(damage, { minLength: 1, maxLength: 2 }), async (said, damages) => {
        const text = written(said);
        const known = some(text, [true]);
        const damaged = damages.reduce((now, { at, length, by }) => {
          const from = Math.floor(at * now.length);
          return now.slice(0, from) + by + now.slice(from + length);
        }, text);
        const [ours, theirs] = [await inRows(damaged, (hash) => known.has(hash)), await whole(damaged)];
        fate['code' in theirs ? 'refused' : 'read'] += 1;
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 600 },
    );
    expect(Math.min(fate.refused, fate.read)).toBeGreaterThan(20);
  });

  it('has nothing read of the rows that are known', () => {
    const text = JSON.stringify(pageOf([{ id: 1 }, { id: 2 }]));
    const first = WrittenRow.of({ id: 1 }).hash;
    const parse = jest.spyOn(JSON, 'parse');
    rowsOf(text, (hash) => hash === first);
    expect(parse.mock.calls).toEqual([['{"id":2}']]);
    parse.mockRestore();
  });

  it.each([
    ['that is no list', pageOf({ id: 1 })],
    ['that is called otherwise', { response: { code: 200, result: { leases: { Lease: [{ id: 1 }] } } } }],
    ['of which another list is called the same', pageOf([{ id: 1 }], { other: { lease: [{ id: 2 }] } })],
  ])('of a list %s: the whole page is read', async (_name, said) => {
    const text = JSON.stringify(said);
    expect(await inRows(text, nobody)).toEqual(await whole(text));
    expect(await whole(text)).toMatchObject({ items: [{ id: 1 }] });
  });

  it('a row is known by every letter of it', () => {
    const hashes = ['{"id":1}', '{"id":2}', '{ "id":1}', '{"id":1,"a":null}'].map((row) => new WrittenRow(row).hash);
    expect(new Set(hashes).size).toBe(4);
    expect(hashes[0]).toBe(WrittenRow.of({ id: 1 }).hash);
    expect(hashes[0]).toMatch(/^[\w-]{16}$/);
  });
});
