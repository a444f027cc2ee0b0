/**
 * What the guarantees cost beside the bare driver, in one run:
 *   node --conditions=@leasewire/source --import ./libs/persistence/test/crash/typescript.mjs libs/persistence/bench/throughput.ts <mongodb uri>
 * Prints operations a second and ratios. Quote the ratios only.
 */
import { randomUUID } from 'node:crypto';
import type { Fact, OrgId } from '@leasewire/contracts';
import { newId, silentLog, systemClock, systemIds, type Cause } from '@leasewire/messaging';
import { Database, DueClaimer, dueAt, Relay, systemCause, type DueHandling, type Tx } from '../src/index.js';
import { accountChanged, bankOn, type Account } from '../test/subjects.js';

const [uri = ''] = process.argv.slice(2);
const orgId: OrgId = newId('org');
const db = await Database.connect(uri, `bench_${randomUUID().slice(0, 8)}`, silentLog);
const bank = await bankOn(db);
const cause = (): Cause => systemCause('bank', orgId, { next: newId });
const filler = 'x'.repeat(400);

interface Bare {
  _id: string;
  [field: string]: unknown;
}
const bare = (name: string) => db.db.collection<Bare>(name);
for (const name of ['bare_inbox', 'bare_state', 'bare_outbox']) await db.db.createCollection(name);
// the same indexes, or they would be what is compared
for (const [ours, theirs] of [
  ['inbox', 'bare_inbox'],
  ['accounts', 'bare_state'],
  ['outbox', 'bare_outbox'],
] as const)
  for (const { key, name, unique, partialFilterExpression } of await db.db.collection(ours).listIndexes().toArray())
    if (name !== '_id_')
      await bare(theirs).createIndex(key, {
        name,
        ...(unique && { unique }),
        ...(partialFilterExpression && { partialFilterExpression }),
      });

const count = 200;
const names = Array.from({ length: count }, (_, n) => `acc_${n}`);
const open = (name: string) => ({ orgId, _id: name, name: filler + name, balance: 0, labels: [] });
await bank.work.run(cause(), (tx) => bank.accounts.insertMany(tx, names.map(open)));
await bare('bare_state').insertMany(names.map((name) => ({ ...open(name), version: 1 })));

async function bareTransaction(work: (session: ReturnType<typeof db.client.startSession>) => Promise<unknown>): Promise<void> {
  const session = db.client.startSession();
  session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } });
  await work(session);
  await session.commitTransaction();
  await session.endSession();
}

const bareFact = (name: string) =>
  bareTransaction(async (session) => {
    await bare('bare_inbox').insertOne({ _id: randomUUID(), at: new Date() }, { session });
    const doc = await bare('bare_state').findOne({ _id: name }, { session });
    const version = Number(doc?.['version']);
    await bare('bare_state').replaceOne({ _id: name, version }, { ...doc, version: version + 1, balance: 1 }, { session });
    await bare('bare_outbox').insertOne(
      { _id: randomUUID(), pending: true, aggregate: name, epoch: 0, version, n: 0, body: filler },
      { session },
    );
  });

const fact = (): Fact<typeof accountChanged> => ({
  ...{
    kind: 'fact',
    id: newId('evt'),
    type: accountChanged.type,
    service: 'bank',
    subject: 'x',
    time: new Date(),
    orgId,
    correlationId: 'cor',
  },
  ...{
    actor: 'service:bank',
    version: { epoch: 0, version: 1 },
    data: { id: 'x', balance: 1 },
    handler: 'h',
    seq: 1,
    attempt: 0,
  },
});
const ourFact = (name: string) => bank.pay(fact(), { orgId, _id: name }, 1);

const bulk = 100;
let serial = 0;
const bareBulk = () =>
  bareTransaction(async (session) => {
    const rows = Array.from({ length: bulk }, () => open(`b_${serial++}`));
    await bare('bare_state').insertMany(
      rows.map((row) => ({ ...row, version: 1 })),
      { session },
    );
    await bare('bare_outbox').insertMany(
      rows.map((row) => ({ _id: randomUUID(), pending: true, aggregate: row._id, epoch: 0, version: 1, n: 0, body: filler })),
      { session },
    );
  });
const ourBulk = () =>
  bank.work.run(cause(), async (tx) => {
    const rows = await bank.accounts.insertMany(
      tx,
      Array.from({ length: bulk }, () => open(`o_${serial++}`)),
    );
    for (const row of rows) tx.publish(accountChanged, { id: row._id, balance: 0 }, row);
  });

async function rate(inFlight: number, times: number, work: (name: string) => Promise<unknown>): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let n = next++; n < times; n = next++) await work(names[n % count] ?? '');
    }),
  );
  return times / ((performance.now() - started) / 1000);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

async function compare(
  what: string,
  inFlight: number,
  times: number,
  theirs: (name: string) => Promise<unknown>,
  ours: (name: string) => Promise<unknown>,
): Promise<void> {
  const [a, b]: [number[], number[]] = [[], []];
  for (let round = 0; round < 5; round++) {
    a.push(await rate(inFlight, times, theirs));
    b.push(await rate(inFlight, times, ours));
  }
  console.log(
    `${what.padEnd(48)} bare ${median(a).toFixed(0).padStart(6)}/s   ours ${median(b).toFixed(0).padStart(6)}/s   ratio ${(median(b) / median(a)).toFixed(2)}`,
  );
}

await rate(8, 200, ourFact);
await rate(8, 200, bareFact);
await compare('inbox + read + state + outbox, 1 in flight', 1, 200, bareFact, ourFact);
await compare('inbox + read + state + outbox, 32 in flight', 32, 800, bareFact, ourFact);
await compare(`${bulk} inserts + ${bulk} outbox rows, 1 in flight`, 1, 10, bareBulk, ourBulk);
await compare(`${bulk} inserts + ${bulk} outbox rows, 8 in flight`, 8, 40, bareBulk, ourBulk);

const waiting = await db.db.collection('outbox').countDocuments({ pending: true });
const relay = new Relay({
  db,
  service: 'bank',
  publisher: { publish: () => Promise.resolve({ seq: 1, duplicate: false }) },
  clock: systemClock,
  log: silentLog,
});
const drained = performance.now();
relay.start();
while ((await relay.unpublished(1)) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
console.log(
  `relay: ${waiting} events through a bus that takes no time: ${(waiting / ((performance.now() - drained) / 1000)).toFixed(0)}/s`,
);
await relay.stop();

const due = 5000;
const saveEach = (tx: Tx, docs: readonly Account[]) =>
  Promise.all(docs.map(({ due: _due, ...doc }) => bank.accounts.save(tx, doc)));
const ways: Record<string, DueHandling<Account>> = {
  'nothing, alone': { handleAlone: () => Promise.resolve() },
  'one transaction each': {
    handleAlone: (doc) =>
      bank.work.run(cause(), async (tx) => {
        await saveEach(tx, [await bank.accounts.get(doc, { tx })]);
      }),
  },
  'saves, a hundred together': { handle: saveEach },
};
for (const [handling, way] of Object.entries(ways)) {
  const at = new Date(Date.now() + 6000);
  for (let from = 0; from < due; from += 500)
    await bank.work.run(cause(), (tx) =>
      bank.accounts.insertMany(
        tx,
        Array.from({ length: 500 }, (_, n) => ({ ...open(`${handling}_${from + n}`), due: dueAt(at) })),
      ),
    );
  const late: number[] = [];
  const claimer = new DueClaimer<Account>({
    ...{ repository: bank.accounts, service: 'bank', work: bank.work, clock: systemClock, ids: systemIds, log: silentLog },
    observer: { onLateness: (ms) => late.push(ms) },
    onGiveUp: () => Promise.resolve(),
    ...way,
  });
  claimer.start();
  while (late.length < due) await new Promise((resolve) => setTimeout(resolve, 20));
  await claimer.stop();
  late.sort((a, b) => a - b);
  console.log(
    `${due} due at one instant, handler: ${handling}: began late by p50 ${late[due / 2]} ms, p99 ${late[Math.floor(due * 0.99)]} ms, worst ${late.at(-1)} ms`,
  );
}
await db.db.dropDatabase();
await db.close();
