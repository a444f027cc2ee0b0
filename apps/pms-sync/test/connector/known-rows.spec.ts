import fc from 'fast-check';
import type { OnlyRow, PeoplePage, UpstreamPerson } from '../../src/connector/connector.js';
import { readingOf, sweepRows } from '../../src/connector/known-rows.js';
import { WrittenRow } from '../../src/connector/written-rows.js';
import { person } from '../service/fake-pms.js';
import { knowing } from './fake-vendor.js';

/** A lease of a made-up vendor: who is on it, and in which state they are. */
interface Lease {
  readonly id: number;
  readonly members: readonly (number | null)[];
  readonly status: 'current' | 'past';
  readonly broken?: boolean;
}

function readLease({ id, members, status, broken }: Lease) {
  const named = members.filter((member) => member !== null);
  const stay = { ...person(0, { status }).stays[0]!, leaseId: `l${id}` };
  return {
    people: broken ? [] : named.map((member): UpstreamPerson => person(member, { stays: [stay] })),
    rejected: members.flatMap((member) =>
      member === null || broken ? [{ upstreamId: member === null ? null : `c${member}`, field: 'id', reason: 'Is none.' }] : [],
    ),
  };
}

interface Swept {
  readonly people: Map<string, UpstreamPerson>;
  readonly same: string[];
  readonly rejected: Set<string | null>;
  readonly complete: boolean | undefined;
  readonly rows: Map<string, OnlyRow>;
  readonly reading: string;
  /** How many rows were read. */
  readonly read: number;
}

async function sweep(leases: readonly Lease[], before?: Swept, reading = 'r', later: readonly Lease[] = leases): Promise<Swept> {
  let read = 0;
  let asked = 0;
  const pages = sweepRows(
    {
      reading,
      eachRow: ({ idOf }, take) => {
        for (const one of asked++ === 0 ? leases : later) {
          const row = WrittenRow.of({ ...one });
          expect(idOf(row)).toBe(String(one.id));
          take(row);
        }
        return Promise.resolve({ complete: true });
      },
      idOf: (row) => String((row as unknown as Lease).id),
      whoIsOn: (row) => (row as unknown as Lease).members.map((member) => (member === null ? null : `c${member}`)),
      read: (row) => {
        read += 1;
        return readLease(row as unknown as Lease);
      },
    },
    knowing(before?.rows ?? new Map(), before?.reading),
  );
  const all: PeoplePage[] = [];
  for await (const page of pages) all.push(page);
  return {
    people: new Map(all.flatMap(({ people }) => people.map((one) => [one.upstreamId, one] as const))),
    same: all.flatMap(({ same }) => (same ?? []).map(({ upstreamId }) => upstreamId)),
    rejected: new Set(all.flatMap(({ rejected }) => rejected.map(({ upstreamId }) => upstreamId))),
    complete: all.at(-1)!.complete,
    rows: new Map(all.flatMap(({ rows }) => [...(rows?.of ?? [])])),
    reading,
    read,
  };
}

const lease = (id: number, ...members: (number | null)[]): Lease => ({ id, members, status: 'current' });

describe('of rows that are what they were', () => {
  it('nothing is read, and everybody on them is there', async () => {
    const leases = [lease(1, 1, 2), lease(2, 3)];
    const again = await sweep(leases, await sweep(leases));
    expect(again).toMatchObject({ read: 0, same: ['c1', 'c2', 'c3'], complete: true });
    expect(again.people.size).toBe(0);
  });

  it.each<[string, Lease[], Lease[], string[], string[]]>([
    ['one that changed is read', [lease(1, 1), lease(2, 2)], [{ ...lease(1, 1), status: 'past' }, lease(2, 2)], ['c1'], ['c2']],
    ['a newcomer on a lease has all of it read', [lease(1, 1)], [lease(1, 1, 2)], ['c1', 'c2'], []],
    [
      'a second lease has the first one read after all',
      [lease(1, 1), lease(2, 2)],
      [lease(1, 1), lease(2, 2), lease(3, 1)],
      ['c1'],
      ['c2'],
    ],
    ['of whoever shares that first lease nothing is', [lease(1, 1, 2)], [lease(1, 1, 2), lease(3, 1)], ['c1'], ['c2']],
    ['people with two leases are read each time', [lease(1, 1), lease(2, 1)], [lease(1, 1), lease(2, 1)], ['c1'], []],
    ['a row that names nobody is read each time', [lease(1, 1, null)], [lease(1, 1, null)], ['c1'], []],
  ])('%s', async (_name, first, then, read, same) => {
    const again = await sweep(then, await sweep(first));
    expect([...again.people.keys()]).toEqual(read);
    expect(again.same).toEqual(same);
    expect(again.people).toEqual(new Map([...(await sweep(then)).people].filter(([id]) => read.includes(id))));
  });

  it('who cannot be read in another row is not the same', async () => {
    const again = await sweep([lease(1, 1), { ...lease(2, 1), broken: true }], await sweep([lease(1, 1)]));
    expect(again).toMatchObject({ same: [], people: new Map(), rejected: new Set(['c1']) });
  });

  it('who changes while they are read after all waits for the next sweep', async () => {
    const both = [lease(1, 1), lease(2, 1)];
    const again = await sweep(both, await sweep([lease(1, 1)]), 'r', [{ ...lease(1, 1), status: 'past' }, lease(2, 1)]);
    expect(again).toMatchObject({ same: [], people: new Map(), rejected: new Set(['c1']) });
  });

  it('another reading, and all are read', async () => {
    expect(readingOf('US', [1])).not.toBe(readingOf('AU', [1]));
    expect((await sweep([lease(1, 1)], await sweep([lease(1, 1)]), 'another')).read).toBe(1);
  });

  it('whatever happens between two sweeps, together they say what reading all of the second does', async () => {
    const someone = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) },
      { weight: 1, arbitrary: fc.constant(null) },
    );
    const members = fc.uniqueArray(someone, { minLength: 1, maxLength: 3 });
    const status = fc.constantFrom('current' as const, 'past' as const);
    const row = fc.record({ id: fc.integer({ min: 1, max: 6 }), members, status, broken: fc.boolean() });
    const leases = fc.uniqueArray(
      row.map((one): Lease => ({ ...one, broken: one.broken && one.id === 6 })),
      { selector: ({ id }) => id, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(leases, leases, async (first, then) => {
        const before = await sweep(first);
        const [again, anew] = [await sweep(then, before), await sweep(then)];
        const together = new Map([...again.people, ...again.same.map((id) => [id, before.people.get(id)!] as const)]);
        expect(together).toEqual(anew.people);
        expect(again.rejected).toEqual(anew.rejected);
        expect(again.complete).toBe(anew.complete);
      }),
      { numRuns: 150 },
    );
  });
});
