import type { Envelope, Fact, OrgId } from '@leasewire/contracts';
import { faultPoint, silentLog, systemClock, type PublishResult } from '@leasewire/messaging';
import { Database, Relay } from '../../src/index.js';
import { accountChanged, bankOn, eventId, type Bank } from '../subjects.js';

/** A service in a process of its own: it handles numbered facts, publishes what follows, and may die anywhere. */

export const orgId: OrgId = 'org_00000000000000000000000001';
export const accounts = ['acc_0', 'acc_1', 'acc_2'];

export interface StreamRow {
  readonly _id: string;
  readonly aggregate: string;
  readonly version: number;
  readonly seq: number;
}

export const fact = (n: number): Fact<typeof accountChanged> => ({
  ...{ kind: 'fact', id: eventId(n), type: accountChanged.type, service: 'bank', subject: 'x', time: new Date(), orgId },
  ...{ correlationId: `cor_${n}`, actor: 'service:bank', version: { epoch: 0, version: n } },
  ...{ data: { id: 'x', balance: 1 }, handler: 'pay', seq: n, attempt: 0 },
});

/** Keeps what JetStream keeps: each id once, in the order of arrival. */
export async function store(db: Database, envelope: Envelope): Promise<PublishResult> {
  const rows = db.db.collection<StreamRow>('stream');
  const counter = await db.db
    .collection<{ _id: string; value: number }>('counter')
    .findOneAndUpdate({ _id: 'seq' }, { $inc: { value: 1 } }, { upsert: true, returnDocument: 'after' });
  const seq = counter?.value ?? 0;
  const known = await rows.updateOne(
    { _id: envelope.id },
    { $setOnInsert: { aggregate: envelope.subject, version: envelope.entityversion, seq } },
    { upsert: true },
  );
  return { seq, duplicate: known.upsertedCount === 0 };
}

/** Handles every fact, four at a time, then waits until all that follows is published. */
export async function handleAll(bank: Bank, facts: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = next++; n < facts; n = next++) {
      await bank.pay(fact(n), { orgId, _id: accounts[n % accounts.length]! }, 1);
      await faultPoint('after-handling-before-ack');
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}

export async function connect(uri: string, name: string): Promise<{ bank: Bank; relay: Relay }> {
  const db = await Database.connect(uri, name, silentLog);
  const bank = await bankOn(db);
  const relay = new Relay({
    db,
    service: 'bank',
    publisher: { publish: ({ envelope }) => store(db, envelope) },
    clock: systemClock,
    log: silentLog,
    leaseMs: 300,
    batch: 8,
    pollMs: 200,
  });
  bank.work.onCommit(() => relay.wake());
  return { bank, relay };
}
