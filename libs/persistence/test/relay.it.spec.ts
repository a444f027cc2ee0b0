import { DomainError, type Envelope, type OrgId } from '@leasewire/contracts';
import { systemClock, systemIds, type PublishResult } from '@leasewire/messaging';
import { eventually, fixedClock, freshDatabase, newOrgId, systemCall } from '@leasewire/testing';
import { Leases, Relay, relayLease, type Database, type RelaySettings } from '../src/index.js';
import { OutboxStore } from '../src/outbox/outbox-store.js';
import type { OutboxRow } from '../src/outbox/outbox.js';
import { accountChanged, bankOn, caughtLog, emptied, type Bank } from './subjects.js';
import { saying } from './like.js';

/** A stream as JetStream keeps it: in the order of arrival, an id once. */
class Stream {
  readonly events: Envelope[] = [];
  published = 0;
  /** What happens to the next ones. */
  before: (envelope: Envelope) => Promise<void> | void = () => {};

  publish = async ({ envelope }: { envelope: Envelope }): Promise<PublishResult> => {
    await this.before(envelope);
    this.published += 1;
    const at = this.events.findIndex((event) => event.id === envelope.id);
    if (at !== -1) return { seq: at + 1, duplicate: true };
    return { seq: this.events.push(envelope), duplicate: false };
  };

  versionsOf(aggregate: string): number[] {
    return this.events.filter((event) => event.subject === aggregate).map((event) => event.entityversion);
  }
}

const away = () => Promise.reject(new DomainError('unavailable', 'no bus'));

let db: Database;
let bank: Bank;
let orgId: OrgId;
let stream: Stream;
const logs = caughtLog();
const relays: Relay[] = [];
beforeAll(async () => {
  db = await freshDatabase();
});
beforeEach(async () => {
  await emptied(db);
  bank = await bankOn(db);
  orgId = newOrgId();
  stream = new Stream();
});
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});

function relay(more: Partial<RelaySettings> = {}): Relay {
  const made = new Relay({ db, service: 'bank', publisher: stream, clock: systemClock, log: logs.log, ...more });
  bank.work.onCommit(() => made.wake());
  relays.push(made);
  return made;
}
const cause = () => systemCall('bank', orgId);
const changes = (aggregate: string, from: number, to: number) =>
  bank.work.run(cause(), async (tx) => {
    for (let version = from; version <= to; version++)
      tx.publish(accountChanged, { id: aggregate, balance: version }, { _id: aggregate, version });
  });
const isEmpty = async (of: Relay) => expect(await of.unpublished()).toBe(0);

describe('what is committed leaves', () => {
  const never = 600_000;

  it('at once, where it was committed: nobody waits for the next look', async () => {
    const leader = relay({ pollMs: never });
    leader.start();
    await eventually(() => expect(leader.isActive).toBe(true));
    await changes('acc_1', 1, 1);
    await eventually(() => expect(stream.versionsOf('acc_1')).toEqual([1]));
    await changes('acc_1', 2, 2);
    await eventually(() => expect(stream.versionsOf('acc_1')).toEqual([1, 2]));
  });

  it('by the next look, where another replica committed it and nothing told of it', async () => {
    const other = await bankOn(db);
    const leader = relay({ pollMs: 50 });
    leader.start();
    await eventually(() => expect(leader.isActive).toBe(true));
    await other.work.run(cause(), async (tx) => {
      tx.publish(accountChanged, { id: 'acc_2', balance: 1 }, { _id: 'acc_2', version: 1 });
    });
    await eventually(() => expect(stream.versionsOf('acc_2')).toEqual([1]));
  });
});

describe('the outbox, after many were published', () => {
  const clock = fixedClock();
  const limit = { rows: 100, bytes: 1e9 };
  const versions = async (of: OutboxStore) => {
    const { rows } = await of.next(limit, []);
    await of.published(rows.map(({ _id }) => _id));
    return rows.map(({ aggregate, version }) => `${aggregate}${version}`);
  };
  /** As one of a clock that is behind, or of a transaction that took long. */
  const comesLate = async (aggregate: string, version: number) => {
    await changes(aggregate, version, version);
    const rows = db.db.collection<OutboxRow>('outbox');
    const made = (await rows.findOneAndDelete({ aggregate, version }))!;
    await rows.insertOne({ ...made, _id: `evt_00${made._id.slice(6)}` });
  };
  let store: OutboxStore;
  beforeEach(async () => {
    store = new OutboxStore(db, clock, { fewLately: 1, disorderMs: 2000, allEveryMs: 60_000 });
    await changes('a', 1, 3);
    expect(await versions(store)).toEqual(['a1', 'a2', 'a3']);
    clock.advance({ seconds: 3 });
    expect(await versions(store)).toEqual([]);
  });

  it('is looked at from where the last was found, and now and then from its beginning', async () => {
    await comesLate('b', 1);
    await changes('c', 1, 1);
    expect(await versions(store)).toEqual(['c1']);
    clock.advance({ minutes: 1 });
    expect(await versions(store)).toEqual(['b1']);
  });

  it('gives those of one aggregate in their order all the same', async () => {
    await comesLate('b', 1);
    await changes('b', 2, 3);
    expect(await versions(store)).toEqual(['b1', 'b2', 'b3']);
  });

  it('is looked at from its beginning while something did not leave', async () => {
    await comesLate('b', 1);
    await changes('c', 1, 1);
    await store.next(limit, []); // and nothing is said of it
    expect(await versions(store)).toEqual(['b1', 'c1']);
  });
});

describe('the relay', () => {
  it('publishes what is there and what comes, in the order of each aggregate, and notes it', async () => {
    await changes('a', 1, 5);
    const it = relay();
    it.start();
    await changes('b', 1, 3);
    await changes('a', 6, 7);
    await eventually(() => isEmpty(it));
    expect(stream.versionsOf('a')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(stream.versionsOf('b')).toEqual([1, 2, 3]);
    expect(await it.oldestUnpublishedMs()).toBe(0);
    expect(stream.published).toBe(10);
    expect(await db.db.collection('outbox').countDocuments({ publishedAt: { $exists: true }, pending: { $exists: false } })).toBe(
      10,
    );
  });

  it('keeps the order when clocks of replicas are skewed and its batches cut aggregates apart', async () => {
    let ahead = 60;
    const skewed = {
      next: <P extends string>(prefix: P) =>
        `${prefix}_${String(ahead--).padStart(3, '0')}${systemIds.next('x').slice(5)}` as const,
    };
    const backwards = await bankOn(db, { ids: skewed });
    for (let version = 1; version <= 20; version++)
      await backwards.work.run(cause(), async (tx) => {
        for (const aggregate of ['a', 'b', 'c'])
          tx.publish(accountChanged, { id: aggregate, balance: 1 }, { _id: aggregate, version });
      });
    const it = relay({ batch: 7 });
    it.start();
    await eventually(() => isEmpty(it));
    for (const aggregate of ['a', 'b', 'c'])
      expect(stream.versionsOf(aggregate)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('never sees a later version without the earlier one, however busily they are written meanwhile', async () => {
    const it = relay({ batch: 5 });
    it.start();
    const accounts = await Promise.all(['a', 'b', 'c', 'd'].map((name) => bank.open(cause(), { orgId, _id: name })));
    await Promise.all(
      accounts.map(async (account) => {
        for (let n = 0; n < 25; n++) await bank.pay(cause(), account, 1);
      }),
    );
    await eventually(() => isEmpty(it));
    for (const { _id } of accounts) expect(stream.versionsOf(_id)).toEqual(Array.from({ length: 26 }, (_, n) => n + 1));
  });

  it('reads one moment, not what is committed while it reads', async () => {
    await bank.work.run(cause(), async (tx) => {
      for (let n = 0; n < 300; n++) tx.publish(accountChanged, { id: 'x', balance: 1 }, { _id: `x${n}`, version: 1 });
    });
    const admin = db.client.db('admin');
    const pausing = (mode: string) =>
      admin.command({
        configureFailPoint: 'waitWithPinnedCursorDuringGetMoreBatch',
        mode,
        data: { nss: `${db.db.databaseName}.outbox` },
      });
    await pausing('alwaysOn');
    const reading = new OutboxStore(db, systemClock).next({ rows: 1000, bytes: 1e9 }, []);
    const reached = () =>
      admin.aggregate([{ $currentOp: {} }, { $match: { failpointMsg: 'waitWithPinnedCursorDuringGetMoreBatch' } }], {
        readConcern: { level: 'local' },
      });
    await eventually(async () => expect(await reached().toArray()).toHaveLength(1));
    // the first version where the scan has been already, the second where it comes to
    for (const [version, id] of [
      [1, 'evt_0'],
      [2, 'evt_z'],
    ] as const)
      await (
        await bankOn(db, { ids: { next: () => id as never } })
      ).work.run(cause(), async (tx) => {
        tx.publish(accountChanged, { id: 'a', balance: 1 }, { _id: 'a', version });
      });
    await pausing('off');
    const { rows } = await reading;
    const versions = rows.filter((row) => row.aggregate === 'a').map((row) => row.version);
    expect(versions).not.toEqual([2]);
    expect(rows).toHaveLength(300);
  });

  it('loses nothing while the bus is away, and says so once', async () => {
    stream.before = away;
    const it = relay();
    it.start();
    await changes('a', 1, 600);
    await eventually(() =>
      expect(logs.lines).toContainEqual(
        expect.objectContaining({ message: saying('events cannot be published for the moment') }),
      ),
    );
    expect(await it.unpublished()).toBe(600);
    expect(await it.oldestUnpublishedMs()).toBeGreaterThan(0);
    stream.before = () => {};
    await eventually(() => isEmpty(it));
    expect(stream.versionsOf('a')).toEqual(Array.from({ length: 600 }, (_, n) => n + 1));
  });

  it('parks an event that can never be published, raises an alarm, and goes on with those behind it', async () => {
    stream.before = ({ entityversion, subject }) => {
      if (subject === 'a' && entityversion === 2) throw new DomainError('payload-too-large', 'too large');
    };
    const parked: unknown[] = [];
    const it = relay({ observer: { onParked: (what) => parked.push(what) } });
    await changes('a', 1, 4);
    it.start();
    await eventually(() => isEmpty(it));
    expect(stream.versionsOf('a')).toEqual([1, 3, 4]);
    expect(parked).toMatchObject([{ reason: 'too large' }]);
    expect(await it.parked()).toMatchObject([{ version: 2, reason: 'too large' }]);
    expect(logs.lines).toContainEqual(expect.objectContaining({ level: 'error', message: saying('was parked') }));
    stream.before = () => {};
    expect(await it.unpark('all')).toBe(1);
    await eventually(() => expect(stream.versionsOf('a')).toEqual([1, 3, 4, 2]));
  });

  it('does not let one event that fails for no known reason hold up others', async () => {
    stream.before = ({ subject }) => {
      if (subject === 'odd') throw new Error('strange');
    };
    const it = relay();
    it.start();
    await changes('odd', 1, 2);
    for (let n = 0; n < 5; n++) await changes(`fine${n}`, 1, 1);
    await eventually(() => expect(stream.events).toHaveLength(5));
    await eventually(async () => expect(await it.unpublished()).toBe(2));
    stream.before = () => {};
    await eventually(() => isEmpty(it));
    expect(stream.versionsOf('odd')).toEqual([1, 2]);
  });
});

describe('replicas of a relay', () => {
  it('work one at a time; the next takes over at once when one stops, and soon when one dies', async () => {
    const [one, two] = [relay({ leaseMs: 600 }), relay({ leaseMs: 600, pollMs: 50 })];
    one.start();
    await eventually(() => expect(one.isActive).toBe(true));
    two.start();
    await changes('a', 1, 3);
    await eventually(() => isEmpty(one));
    expect(two.isActive).toBe(false);
    await one.stop();
    await eventually(() => expect(two.isActive).toBe(true), { timeoutMs: 300 });
    await changes('a', 4, 6);
    await eventually(() => isEmpty(two));
    expect(stream.versionsOf('a')).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('tell the active one that there is something, and are told', async () => {
    const wakes: (() => void)[] = [];
    const hint = { send: () => wakes.forEach((wake) => wake()), onWake: (wake: () => void) => void wakes.push(wake) };
    const [one, two] = [relay({ hint, pollMs: 60_000 }), relay({ hint, pollMs: 60_000 })];
    one.start();
    await eventually(() => expect(one.isActive).toBe(true));
    two.start();
    const elsewhere = await bankOn(db);
    elsewhere.work.onCommit(() => two.wake());
    await elsewhere.open(cause(), { orgId, _id: 'a' });
    await eventually(() => expect(stream.events).toHaveLength(1), { timeoutMs: 500 });
  });

  it('that were suspended publish nothing more when they wake up without the lease', async () => {
    let now = 0;
    let arrived = false;
    let wakeUp: () => void = () => {};
    const asleep = new Promise<void>((resolve) => (wakeUp = resolve));
    const batches: unknown[] = [];
    const old = relay({
      clock: { now: () => new Date(), monotonicMs: () => now },
      observer: { onPublished: (what) => batches.push(what) },
      publisher: {
        publish: async (event) => {
          arrived = true;
          await asleep;
          return await stream.publish(event);
        },
      },
    });
    await changes('a', 1, 3);
    old.start();
    await eventually(() => arrived);
    // suspended with the first event half way out: nobody renews, the lease ends, another replica takes over
    const leases = db.db.collection<{ _id: string; until: Date; holder: string }>('leases');
    await leases.updateOne({ _id: relayLease('bank') }, { $set: { until: new Date(0), holder: 'nobody' } });
    now += 10_000;
    const fresh = relay();
    fresh.start();
    await eventually(() => isEmpty(fresh));
    expect(stream.versionsOf('a')).toEqual([1, 2, 3]);
    wakeUp();
    await eventually(() => expect(batches).toMatchObject([{ events: 1, duplicates: 1 }]));
    expect(stream.published).toBe(4);
    expect(stream.versionsOf('a')).toEqual([1, 2, 3]);
  });
});

describe('a lease', () => {
  it('has one holder, grows its token with each, and ends by itself', async () => {
    const leases = new Leases(db, systemClock);
    const first = (await leases.acquire('x', 150))!;
    expect(await leases.acquire('x', 150)).toBeNull();
    expect(await leases.isHeld('x')).toBe(true);
    expect(await first.renew()).toBe(true);
    const second = await eventually(async () => (await leases.acquire('x', 150)) ?? false);
    expect(second).toMatchObject({ token: first.token + 1 });
    expect([first.isHeld(), await first.renew()]).toEqual([false, false]);
  });

  it('is kept as long as it is wanted, and released at once', async () => {
    const leases = new Leases(db, systemClock);
    const lease = (await leases.acquire('y', 200))!.keep();
    const until = performance.now() + 500;
    await eventually(() => performance.now() > until);
    expect(lease.isHeld()).toBe(true);
    await lease.release();
    expect(await leases.acquire('y', 200)).not.toBeNull();
  });

  it('is got by one of many who ask at once', async () => {
    const leases = new Leases(db, systemClock);
    const got = await Promise.all(Array.from({ length: 10 }, () => leases.acquire('z', 1000)));
    expect(got.filter((lease) => lease !== null)).toHaveLength(1);
  });

  it('fences a transaction: an old holder cannot commit', async () => {
    const leases = new Leases(db, systemClock);
    const old = (await leases.acquire('w', 1))!;
    const fresh = await eventually(async () => (await leases.acquire('w', 5000)) ?? false);
    const write = (lease: typeof old) =>
      bank.work.run(cause(), async (tx) => {
        await lease.fence(tx);
        return true;
      });
    await expect(write(old)).rejects.toThrow('was taken by another replica');
    expect(await write(fresh as typeof old)).toBe(true);
  });
});
