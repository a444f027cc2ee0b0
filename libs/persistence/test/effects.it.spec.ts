import type { OrgId } from '@leasewire/contracts';
import { systemClock, systemIds, type Clock } from '@leasewire/messaging';
import { eventually, fixedClock, freshDatabase, newOrgId, runningClock, systemCall } from '@leasewire/testing';
import { z } from 'zod';
import { EffectStore } from '../src/effects/effect-store.js';
import { Effects, type Attempted, type Database, type EffectKind } from '../src/index.js';
import { bankOn, caughtLog, emptied, justBefore, type Bank } from './subjects.js';
import { saying } from './like.js';

const payload = z.object({ to: z.string() });
type Mail = EffectKind<typeof payload>;
interface Row {
  readonly _id: string;
  readonly state: string;
  readonly attempts: number;
  readonly leaseUntil?: Date;
  readonly reason?: string;
}

let db: Database;
let bank: Bank;
let orgId: OrgId;
const logs = caughtLog();
const running: Effects[] = [];
beforeAll(async () => {
  db = await freshDatabase();
});
beforeEach(async () => {
  await emptied(db);
  bank = await bankOn(db);
  orgId = newOrgId();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((effects) => effects.stop()));
});

function executor(mail: Partial<Mail> & Pick<Mail, 'attempt'>, clock: Clock = systemClock): Effects {
  const effects = new Effects({
    db,
    service: 'bank',
    work: bank.work,
    clock,
    ids: systemIds,
    log: logs.log,
    pollMs: 30,
  });
  effects.define('mail', { payload, backoff: { firstMs: 10, mostMs: 20 }, ...mail });
  running.push(effects);
  effects.start();
  return effects;
}
const cause = () => systemCall('bank', orgId);
const intend = (to: readonly string[], key?: string) =>
  bank.work.run(cause(), async (tx) => to.map((one) => tx.effect('mail', { to: one }, key === undefined ? {} : { key })));
const rows = () => db.db.collection<Row>('effects').find().sort({ _id: 1 }).toArray();
const states = async () => (await rows()).map((row) => row.state);
const done: Attempted = { state: 'done', outcome: { id: 'smtp-1' } };

describe('a side effect', () => {
  it('is attempted after its transaction committed, once, and its outcome told in the transaction that notes it', async () => {
    const sent: string[] = [];
    const attempt = async ({ payload: { to } }: { payload: { to: string } }): Promise<Attempted> => {
      sent.push(to);
      return done;
    };
    const onSettled: Mail['onSettled'] = async (tx, effects) => {
      for (const effect of effects)
        await bank.accounts.insert(tx, { orgId: tx.orgId, _id: effect.payload.to, name: effect.state, balance: 0, labels: [] });
    };
    executor({ attempt, onSettled });
    executor({ attempt, onSettled });
    const to = Array.from({ length: 120 }, (_, n) => `p${n}`);
    await intend(to);
    await eventually(async () => expect(await bank.accounts.count({ orgId, name: 'done' })).toBe(120));
    expect(sent.sort()).toEqual(to.sort());
    expect(new Set(await states())).toEqual(new Set(['done']));
  });

  it('that certainly did not happen is tried again, and fails for good after its last attempt', async () => {
    const attempts: Record<string, number> = {};
    executor({
      maxAttempts: 3,
      attempt: async ({ payload: { to } }) => {
        attempts[to] = (attempts[to] ?? 0) + 1;
        if (to === 'busy' && attempts[to] === 2) return done;
        return { state: 'not-done', reason: 'greylisted', retry: to !== 'refused' };
      },
    });
    await intend(['busy', 'down', 'refused']);
    await eventually(async () => expect(await states()).toEqual(['done', 'failed', 'failed']));
    expect(attempts).toEqual({ busy: 2, down: 3, refused: 1 });
  });

  it.each<[string, Mail['attempt']]>([
    ['throws', () => Promise.reject(new Error('connection lost after DATA'))],
    ['does not answer', () => new Promise(() => undefined)],
  ])('whose attempt %s is unknown, is not repeated, and is shown to staff', async (_how, attempt) => {
    let attempts = 0;
    const effects = executor({ timeoutMs: 50, attempt: (...args) => (attempts++, attempt(...args)) });
    const [id] = await intend(['ana']);
    await eventually(async () => expect(await states()).toEqual(['unknown']));
    expect(await effects.unknown(orgId)).toMatchObject([{ _id: id, payload: { to: 'ana' } }]);
    expect(await effects.unknown(newOrgId())).toEqual([]);
    const looks = (await rows())[0]!;
    await eventually(async () => expect((await rows())[0]).toEqual(looks));
    expect(attempts).toBe(1);
    await expect(bank.work.run(systemCall('bank'), (tx) => effects.resolve(tx, id!, 'done', 'Ana has it'))).resolves.toBe(false);
    expect(await bank.work.run(cause(), (tx) => effects.resolve(tx, id!, 'done', 'Ana has it'))).toBe(true);
    expect(await states()).toEqual(['done']);
  });

  it('that a person wants again is attempted again', async () => {
    let attempts = 0;
    const effects = executor({ attempt: () => (attempts++ === 0 ? Promise.reject(new Error('?')) : Promise.resolve(done)) });
    const [id] = await intend(['ana']);
    await eventually(async () => expect(await states()).toEqual(['unknown']));
    await bank.work.run(cause(), (tx) => effects.resolve(tx, id!, 'intended', 'she has nothing'));
    await eventually(async () => expect(await states()).toEqual(['done']));
  });

  it('whose process died in the middle is unknown, and found out about where that is possible', async () => {
    const asked: string[] = [];
    await intend(['ana', 'bob', 'eve']);
    const gone = { state: 'attempting', attempts: 1, claim: 'dead', leaseUntil: new Date(0) };
    await db.db.collection('effects').updateMany({}, { $set: gone });
    executor({
      attempt: async () => done,
      reconcile: async ({ payload: { to } }) => {
        asked.push(to);
        if (to === 'ana') return done;
        return to === 'bob' ? { state: 'not-done', reason: 'the provider never saw it' } : { state: 'unknown' };
      },
    });
    await eventually(async () => expect(await states()).toEqual(['done', 'done', 'unknown']));
    expect(asked).toEqual(['ana', 'bob', 'eve']);
    expect((await rows()).map((row) => row.attempts)).toEqual([1, 2, 1]);
    expect(logs.lines).toContainEqual(expect.objectContaining({ level: 'warn', message: saying('interrupted in the middle') }));
  });

  it('that a machine slept over is not unknown: the process is still at it, and says how it went', async () => {
    const clock = runningClock();
    const sent: string[] = [];
    let answer = (): void => undefined;
    const attempt: Mail['attempt'] = async ({ payload: { to } }) => {
      sent.push(to);
      if (to === 'ana') await new Promise<void>((resolve) => (answer = resolve));
      return done;
    };
    const told: string[] = [];
    const onSettled: Mail['onSettled'] = async (_tx, settled) => {
      told.push(...settled.map(({ id, state }) => `${id} ${state}`));
    };
    executor({ attempt, onSettled, lanes: 2, leaseMs: 1_000 }, clock);
    const [ana] = await intend(['ana']);
    await eventually(async () => expect(sent).toEqual(['ana']));
    clock.advance({ hours: 1 });
    // interrupted for sure, and later than hers: whoever looks for these sees hers too
    await db.db.collection('effects').insertOne({ ...(await rows())[0]!, _id: 'of-the-dead' as never, claim: 'dead' });
    await eventually(async () => expect(await states()).toContain('unknown'));
    answer();
    await eventually(async () => expect(await states()).not.toContain('attempting'));
    expect(told).toEqual(['of-the-dead unknown', `${ana} done`]);
  });

  it('that stays unknown is looked into ever more seldom, and once an hour in the end', async () => {
    const clock = fixedClock(new Date());
    await intend(['ana']);
    await db.db.collection('effects').updateMany({}, { $set: { state: 'unknown', reconcileAt: clock.now() } });
    const store = new EffectStore(db, clock);
    const pauses: number[] = [];
    for (let nth = 0; nth < 30; nth++) {
      const [row] = await store.claimUnknown('mail', 10, { firstMs: 5_000, mostMs: 3_600_000 });
      const again = row!.reconcileAt!;
      pauses.push(again.getTime() - clock.now().getTime());
      expect(await store.claimUnknown('mail', 10, { firstMs: 5_000, mostMs: 3_600_000 })).toEqual([]);
      clock.set(again);
    }
    expect(pauses[0]).toBeLessThanOrEqual(5_000);
    expect(pauses[4]).toBeGreaterThanOrEqual(40_000);
    expect(pauses.slice(11)).toEqual(Array.from({ length: 19 }, () => 3_600_000));
  });

  it('is claimed by one of two replicas that found it at once', async () => {
    await intend(['ana', 'bob']);
    const store = new EffectStore(db, systemClock);
    let first: readonly unknown[] = [];
    const overtaking = justBefore(db, 'updateMany', async () => (first = await store.claim('mail', 10, 60_000)));
    expect(await store.claim('mail', 10, 60_000)).toEqual([]);
    overtaking.restore();
    expect(first).toHaveLength(2);
  });

  it('that has not begun can be withdrawn; afterwards it is too late', async () => {
    const effects = new Effects({ db, service: 'bank', work: bank.work, clock: systemClock, ids: systemIds, log: logs.log });
    const [id] = await intend(['ana']);
    const held = await bank.work.run(cause(), async (tx) => tx.effect('mail', { to: 'bob' }, { group: 'msg_1' }));
    await bank.work.run(cause(), (tx) => effects.hold(tx, 'msg_1'));
    const withdraw = (one: string) => bank.work.run(cause(), (tx) => effects.withdraw(tx, one, 'message cancelled'));
    expect([await withdraw(id!), await withdraw(id!), await withdraw(held)]).toEqual([true, false, true]);
    const withdrawn = { state: 'failed', reason: 'message cancelled' };
    expect(await rows()).toMatchObject([withdrawn, withdrawn]);
  });

  it('of a group is held, let go and withdrawn with the others of its group', async () => {
    const [ours, others] = ['msg_1', 'msg_2'];
    const intendIn = (group: string) =>
      bank.work.run(cause(), async (tx) => ['a', 'b'].map((to) => tx.effect('mail', { to: `${group}-${to}` }, { group })));
    const sent: string[] = [];
    await intendIn(ours);
    await intendIn(others);
    const idle = new Effects({ db, service: 'bank', work: bank.work, clock: systemClock, ids: systemIds, log: logs.log });
    await bank.work.run(cause(), async (tx) => expect(await idle.hold(tx, ours)).toBe(2));
    const effects = executor({
      attempt: async ({ payload: { to } }) => {
        sent.push(to);
        return done;
      },
    });
    await eventually(() => expect(sent.toSorted()).toEqual(['msg_2-a', 'msg_2-b']));
    await bank.work.run(cause(), (tx) => effects.letGo(tx, ours));
    await eventually(() => expect(sent).toHaveLength(4));

    await bank.work.run(cause(), async (tx) => {
      tx.effect('mail', { to: 'never' }, { group: 'msg_3', dueAt: new Date(Date.now() + 60_000) });
    });
    await bank.work.run(cause(), async (tx) => expect(await effects.withdrawGroup(tx, 'msg_3', 'cancelled')).toBe(1));
    await eventually(async () => expect(await states()).toEqual(['done', 'done', 'done', 'done', 'failed']));
  });

  it('waits for its pace, and one whose batch cannot be prepared was not attempted', async () => {
    let [room, away, prepared, asked] = [0, true, 0, 0];
    executor({
      maxAttempts: 1,
      pace: {
        take: async (most) => (asked++, Math.min(most, room)),
        giveBack: async () => undefined,
      },
      prepare: async () => {
        prepared++;
        if (away) throw new Error('directory is away');
      },
      attempt: async () => done,
    });
    await intend(['ana']);
    await eventually(() => expect(asked).toBeGreaterThan(2));
    expect(prepared).toBe(0);
    room = 5;
    await eventually(async () =>
      expect(await rows()).toMatchObject([{ state: 'intended', attempts: 0, reason: 'directory is away' }]),
    );
    away = false;
    await eventually(async () => expect(await states()).toEqual(['done']), { timeoutMs: 8_000 });
  });

  it('with a key is intended once, however often and at once it is asked for', async () => {
    await Promise.all([intend(['ana'], 'welcome:ana'), intend(['ana'], 'welcome:ana')]);
    await intend(['ana'], 'welcome:ana');
    await intend(['ana'], 'welcome:ana again');
    expect(await rows()).toHaveLength(2);
    await intend(['ana', 'ana'], 'welcome:ana twice in one unit of work');
    expect(await rows()).toHaveLength(3);
  });

  it('whose payload the executor does not understand fails with the reason', async () => {
    executor({ attempt: async () => done });
    await bank.work.run(cause(), async (tx) => void tx.effect('mail', { whom: 'ana' }));
    await eventually(async () => expect(await rows()).toMatchObject([{ state: 'failed', reason: saying('does not fit') }]));
  });
});
