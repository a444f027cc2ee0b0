import {
  permissionKeys,
  sessionStarted,
  staffInvited,
  roleChanged,
  type Permissions,
  type Principal,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, type Positions } from '../src/events/cursor.js';
import { Feed, type LiveEnd, type Past } from '../src/events/feed.js';
import { StoredEvent, StreamRing } from '../src/events/ring.js';
import { assertTypes, Sight } from '../src/events/visible.js';

const orgId = newId('org');
const other = newId('org');
const property = newId('prop');
const everything = Object.fromEntries(permissionKeys.map((key) => [key, 'full'])) as Permissions;
const principal = (permissions: Permissions = everything, properties: Principal['properties'] = 'all'): Principal => ({
  ref: `staff:${newId('stf')}`,
  orgId,
  name: 'Ana',
  permissions,
  properties,
  roleIds: [],
  sessionId: newId('ses'),
  expiresAt: null,
});
const sight = (p = principal(), types?: readonly string[]): Sight => new Sight(p, types);

function event(seq: number, type: string, org: string, more: Record<string, unknown> = {}): StoredEvent {
  const envelope = { id: `e${seq}`, type, orgid: org, time: new Date(seq * 1000).toISOString(), data: {}, ...more };
  return new StoredEvent(seq, `evt.${type}.${org}`, Buffer.from(JSON.stringify(envelope)));
}

/** One stream: `all` of it, of which the first `lost` have expired and the last `kept` are in memory. */
function stream(
  service: string,
  all: readonly StoredEvent[],
  kept = all.length,
  lost = 0,
): { end: LiveEnd; all: readonly StoredEvent[]; first: number } {
  const from = all.length - kept;
  const ring = new StreamRing(from);
  for (const one of all.slice(from)) ring.push(one);
  return { end: { service, position: all.length, ring, begun: Promise.resolve(), settled: true }, all, first: lost + 1 };
}

function feedOf(...streams: ReturnType<typeof stream>[]): Feed {
  const past: Past = {
    bounds: (service) => {
      const found = streams.find(({ end }) => end.service === service)!;
      return Promise.resolve(found.all.length === 0 ? undefined : { first: found.first, last: found.all.length });
    },
    read: (service, after, subject, limit) => {
      const { all, first } = streams.find(({ end }) => end.service === service)!;
      const org = subject.slice(subject.lastIndexOf('.') + 1);
      return Promise.resolve(all.filter((one) => one.seq > after && one.seq >= first && one.orgId === org).slice(0, limit));
    },
  };
  return new Feed(
    streams.map(({ end }) => end),
    past,
  );
}

async function readAll(feed: Feed, eyes: Sight, limit: number, from: Positions = {}): Promise<string[]> {
  const seen: string[] = [];
  let at = from;
  for (let page = 0; page < 500; page++) {
    const read = await feed.read(at, eyes, limit);
    seen.push(...read.items.map((item) => `${item.event.type.split('.')[0]}:${item.event.seq}`));
    at = decodeCursor(encodeCursor(read.next));
    if (!read.more) return seen;
  }
  throw new Error('it has no end');
}

describe('a cursor', () => {
  it('is what it was after its way through a client', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('identity', 'audit', 'pms-sync'), fc.nat()), (positions) => {
        expect(decodeCursor(encodeCursor(positions))).toEqual({ ...positions });
      }),
    );
  });

  it('that somebody made up is refused, and nothing worse', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          try {
            for (const position of Object.values(decodeCursor(text)))
              expect(Number.isSafeInteger(position) && position >= 0).toBe(true);
          } catch (error) {
            expect(error).toMatchObject({ code: 'cursor.invalid' });
          }
        },
      ),
    );
  });
});

describe('the feed', () => {
  it('gives each of its own events once and in order, whatever is in memory, on whatever page size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.nat(60),
        fc.nat(60),
        fc.integer({ min: 1, max: 7 }),
        async (identity, audit, keptA, keptB, limit) => {
          const a = identity.map((ours, at) => event(at + 1, 'identity.staff.invited.v1', ours ? orgId : other));
          const b = audit.map((ours, at) => event(at + 1, 'audit.head.signed.v1', ours ? orgId : other));
          const feed = feedOf(stream('identity', a, Math.min(keptA, a.length)), stream('audit', b, Math.min(keptB, b.length)));
          const seen = await readAll(feed, sight(), limit);
          const ours = (name: string, all: readonly StoredEvent[]) =>
            all.filter((one) => one.orgId === orgId).map((one) => `${name}:${one.seq}`);
          expect(seen.filter((one) => one.startsWith('identity'))).toEqual(ours('identity', a));
          expect(seen.filter((one) => one.startsWith('audit'))).toEqual(ours('audit', b));
        },
      ),
    );
  });

  it('can be gone on from at any event of a page', async () => {
    const all = Array.from({ length: 20 }, (_, at) => event(at + 1, 'identity.staff.invited.v1', at % 3 ? orgId : other));
    const feed = feedOf(stream('identity', all, 5));
    const whole = await readAll(feed, sight(), 100);
    const { items } = await feed.read({}, sight(), 100);
    for (const [at, item] of items.entries()) expect(await readAll(feed, sight(), 3, item.at)).toEqual(whole.slice(at + 1));
  });

  it('advances past what is not for the caller', async () => {
    const all = Array.from({ length: 9 }, (_, at) => event(at + 1, 'identity.staff.invited.v1', other));
    const page = await feedOf(stream('identity', all, 4)).read({}, sight(), 10);
    expect(page.items).toEqual([]);
    const next = page.more ? (await feedOf(stream('identity', all, 4)).read(page.next, sight(), 10)).next : page.next;
    expect(next).toEqual({ identity: 9 });
  });

  it('puts the streams together by time', async () => {
    const a = [
      event(1, 'identity.staff.invited.v1', orgId),
      event(2, 'identity.role.changed.v1', orgId, { time: '2030-01-01T00:00:00.000Z' }),
    ];
    const b = [event(1, 'audit.head.signed.v1', orgId, { time: '2029-01-01T00:00:00.000Z' })];
    expect(await readAll(feedOf(stream('identity', a), stream('audit', b)), sight(), 10)).toEqual([
      'identity:1',
      'audit:1',
      'identity:2',
    ]);
  });

  it('says when events after a cursor are gone, and where to begin', async () => {
    const all = Array.from({ length: 10 }, (_, at) => event(at + 1, 'identity.staff.invited.v1', orgId));
    const feed = feedOf(stream('identity', all, 2, 6));
    await expect(feed.read({ identity: 3 }, sight(), 10)).rejects.toMatchObject({ code: 'cursor.expired' });
    await expect(feed.read({ identity: 5 }, sight(), 10)).rejects.toMatchObject({ code: 'cursor.expired' });
    await expect(feed.read({ identity: 99 }, sight(), 10)).rejects.toMatchObject({ code: 'cursor.expired' });
    expect(await readAll(feed, sight(), 10, { identity: 6 })).toEqual(['identity:7', 'identity:8', 'identity:9', 'identity:10']);
    const error = await feed.read({ identity: 3 }, sight(), 10).catch((e: { details: { oldest: string } }) => e);
    expect(decodeCursor((error as { details: { oldest: string } }).details.oldest)).toEqual({ identity: 6 });
    expect(await readAll(feed, sight(), 10)).toHaveLength(4); // who begins anew is given what there is
  });
});

describe('of an event, a caller', () => {
  const invited = staffInvited.type;
  it.each<[string, StoredEvent, Principal, readonly string[] | undefined, boolean]>([
    ['sees what they may', event(1, invited, orgId), principal({ 'accounts.staff': 'view' }), undefined, true],
    ['does not see another organization’s', event(1, invited, other), principal(), undefined, false],
    [
      'does not see what needs another permission',
      event(1, invited, orgId),
      principal({ 'accounts.audit': 'full' }),
      undefined,
      false,
    ],
    ['does not see a type nobody here knows', event(1, 'identity.staff.hired.v9', orgId), principal(), undefined, false],
    ['does not see what was not asked for', event(1, invited, orgId), principal(), [roleChanged.type], false],
    ['sees what was asked for', event(1, invited, orgId), principal(), [invited], true],
    [
      'sees their properties’',
      event(1, invited, orgId, { propertyid: property }),
      principal(everything, [property]),
      undefined,
      true,
    ],
    [
      'does not see other properties’',
      event(1, invited, orgId, { propertyid: newId('prop') }),
      principal(everything, [property]),
      undefined,
      false,
    ],
    [
      'sees the organization’s, whatever their properties',
      event(1, invited, orgId),
      principal(everything, [property]),
      undefined,
      true,
    ],
    [
      'does not see what cannot be read',
      new StoredEvent(1, `evt.${invited}.${orgId}`, Buffer.from('{')),
      principal(),
      undefined,
      false,
    ],
  ])('%s', (_what, one, who, types, expected) => {
    expect(sight(who, types).sees(one)).toBe(expected);
  });

  it('is told of types that do not exist or are not theirs', () => {
    expect(() => assertTypes(['identity.staff.hired.v9'], principal())).toThrow(/no events of the type/);
    expect(() => assertTypes([sessionStarted.type], principal({}))).toThrow(/may not see/);
  });

  it('gets it as one line', () => {
    const text = Buffer.from('{\n"a": "b\\n",\r\n"c": 1}');
    const one = new StoredEvent(1, `evt.${invited}.${orgId}`, text);
    expect(one.text).not.toMatch(/[\r\n]/);
    expect(JSON.parse(one.text)).toEqual({ a: 'b\n', c: 1 });
  });
});

describe('memory', () => {
  it('holds the newest, bounded by number and by bytes', () => {
    const ring = new StreamRing(0, { events: 100, bytes: 1_000_000 });
    for (let seq = 1; seq <= 1000; seq++) ring.push(event(seq, 'identity.staff.invited.v1', orgId));
    expect(ring.length).toBeLessThanOrEqual(125);
    expect(ring.at(ring.indexAfter(ring.from))?.seq).toBe(ring.from + 1);
    const small = new StreamRing(0, { events: 100, bytes: 2000 });
    for (let seq = 1; seq <= 100; seq++) small.push(event(seq, 'identity.staff.invited.v1', orgId));
    expect(small.length).toBeLessThan(10);
    expect(small.at(small.length - 1)?.seq).toBe(100);
  });
});
