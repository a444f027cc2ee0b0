import { systemClock, systemIds } from '@leasewire/messaging';
import { eventually, freshDatabase, newOrgId, systemCall } from '@leasewire/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import {
  defineCollection,
  Due,
  dueAt,
  DueClaimer,
  dueIndexes,
  DueLookout,
  Effects,
  ensureIndexes,
  tenantDoc,
  TenantRepository,
  type Database,
} from '../src/index.js';
import { bankOn, caughtLog, type Bank } from './subjects.js';

const chore = (name: string) =>
  defineCollection(name, tenantDoc.extend({ due: Due.optional() }), { scope: 'org', indexes: [...dueIndexes] });
const defs = ['chores_a', 'chores_b', 'chores_c', 'chores_d'].map(chore);
type Def = (typeof defs)[number];
class Chores extends TenantRepository<Def> {}

const log = caughtLog();
const orgId = newOrgId();
let db: Database;
let bank: Bank;
/** Another process: nobody of the first is woken by what it commits. */
let elsewhere: Bank;
beforeAll(async () => {
  db = await freshDatabase();
  [bank, elsewhere] = [await bankOn(db), await bankOn(db)];
  await ensureIndexes(db, defs, db.log);
});

/** As `background.claimer` makes them: those of a service share a lookout, and nobody of them asks on their own. */
function claimersOf(lookout: DueLookout, done: string[]) {
  return defs.map((def) => {
    const repository = new Chores(db, def);
    return new DueClaimer({
      ...{ repository, service: 'bank', work: bank.work, clock: systemClock, ids: systemIds, log: log.log, lookout },
      onGiveUp: () => Promise.reject(new Error('never')),
      handle: async (tx, docs) => {
        for (const { due: _due, ...doc } of docs) done.push(`${def.name} ${(await repository.save(tx, doc))._id}`);
      },
    });
  });
}
const insert = (def: Def, _id: string) =>
  elsewhere.work.run(systemCall('bank', orgId), (tx) => new Chores(db, def).insert(tx, { orgId, _id, due: dueAt(new Date()) }));

/** Commands that this database was sent, of any kind but those that begin with a session of their own. */
async function asked(ms: number): Promise<number> {
  await db.db.command({ profile: 2 });
  await pause(ms);
  await db.db.command({ profile: 0 });
  const count = await db.db.collection('system.profile').countDocuments({ ns: { $not: /system\.profile|\$cmd/ } });
  await db.db.collection('system.profile').drop();
  return count;
}

describe('a service in which nothing happens', () => {
  it('asks once a second for all its claimers and once for all kinds of effects; what somebody else left is found all the same', async () => {
    const done: string[] = [];
    const lookout = new DueLookout(db, systemClock, log.log);
    const claimers = claimersOf(lookout, done);
    const effects = new Effects({ db, service: 'bank', work: bank.work, clock: systemClock, ids: systemIds, log: log.log });
    for (const kind of ['mail', 'call', 'text'])
      effects.define(kind, {
        payload: z.object({ n: z.int() }),
        attempt: ({ payload }) => {
          done.push(`${kind} ${payload.n}`);
          return Promise.resolve({ state: 'done' });
        },
      });
    for (const one of [...claimers, lookout, effects]) one.start();
    try {
      await pause(1200); // each has looked for itself when it began
      expect(await asked(4000)).toBeLessThanOrEqual(2 * 5 + 2);

      await Promise.all([insert(defs[2]!, 'c1'), insert(defs[0]!, 'a1')]);
      await eventually(() => expect([...done].sort()).toEqual(['chores_a a1', 'chores_c c1']), { timeoutMs: 10_000 });
      await elsewhere.work.run(systemCall('bank', orgId), (tx) => Promise.resolve(tx.effect('call', { n: 1 })));
      await eventually(() => expect(done).toContain('call 1'), { timeoutMs: 10_000 });
    } finally {
      for (const one of [...claimers, lookout, effects]) await one.stop();
    }
  });

  it('is told that nobody can look, and looks again when the database is back', async () => {
    const done: string[] = [];
    const broken = { db: { collection: () => ({ aggregate: () => ({ toArray: () => Promise.reject(new Error('away')) }) }) } };
    const real = db.db;
    const switching = Object.create(db, { db: { get: () => (away ? broken.db : real) } }) as Database;
    let away = true;
    const lookout = new DueLookout(switching, systemClock, log.log, 50);
    const [claimer] = claimersOf(lookout, done);
    claimer?.start();
    lookout.start();
    try {
      await eventually(() =>
        expect(log.lines.map(({ message }) => message)).toContain('nobody can look for what is due at the moment; trying again'),
      );
      await insert(defs[0]!, 'a2');
      away = false;
      await eventually(() => expect(done).toEqual(['chores_a a2']), { timeoutMs: 10_000 });
    } finally {
      await Promise.all([claimer?.stop(), lookout.stop()]);
    }
  });
});
