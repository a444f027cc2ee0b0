import { defineEvent, type EventId, type OrgId } from '@leasewire/contracts';
import { systemClock, systemIds, type Cause, type Log } from '@leasewire/messaging';
import { z } from 'zod';
import {
  defineCollection,
  Due,
  dueIndexes,
  ensureIndexes,
  tenantDoc,
  TenantRepository,
  UnitOfWork,
  type Database,
  type DocOf,
  type UnitOfWorkSettings,
} from '../src/index.js';
import type { OutboxRow } from '../src/outbox/outbox.js';

/** A small domain to test with: accounts with a balance. */

export const account = defineCollection(
  'accounts',
  tenantDoc.extend({
    name: z.string(),
    email: z.string().optional(),
    balance: z.int(),
    rank: z.number().nullable().optional(),
    seenAt: z.date().optional(),
    labels: z.array(z.string()).default([]),
    due: Due.optional(),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, name: 1, _id: 1 } },
      {
        keys: { orgId: 1, email: 1 },
        unique: true,
        partial: { email: { $exists: true } },
        onDuplicate: { code: 'account.email-taken', message: 'Another account has this e-mail address; choose another.' },
      },
      ...dueIndexes,
    ],
  },
);
export type Account = DocOf<typeof account>;

export const accountChanged = defineEvent('bank.account.changed', 1, z.object({ id: z.string(), balance: z.int() }), {
  describe: 'An account changed.',
  view: 'service',
  example: { id: 'acc_1', balance: 1 },
});

export class Accounts extends TenantRepository<typeof account> {
  constructor(db: Database) {
    super(db, account);
  }
}

export interface Bank {
  readonly db: Database;
  readonly accounts: Accounts;
  readonly work: UnitOfWork;
  open(cause: Cause, account: Partial<Account> & { orgId: OrgId; _id: string }): Promise<Account>;
  pay(cause: Cause, of: { orgId: OrgId; _id: string }, amount: number): Promise<Account | undefined>;
  outbox(): Promise<OutboxRow[]>;
}

export async function bankOn(db: Database, settings: Partial<UnitOfWorkSettings> = {}): Promise<Bank> {
  await ensureIndexes(db, [account], db.log);
  const accounts = new Accounts(db);
  const work = new UnitOfWork({ db, service: 'bank', clock: systemClock, ids: systemIds, epoch: 0, ...settings });
  return {
    db,
    accounts,
    work,
    open: async (cause, { orgId, _id, name = _id, balance = 0, ...rest }) =>
      (await work.run(cause, async (tx) => {
        const opened = await accounts.insert(tx, { labels: [], ...rest, orgId, _id, name, balance });
        tx.publish(accountChanged, { id: _id, balance }, opened);
        return opened;
      }))!,
    pay: (cause, id, amount) =>
      work.run(cause, async (tx) => {
        const before = await accounts.get(id, { tx });
        const after = await accounts.save(tx, { ...before, balance: before.balance + amount });
        tx.publish(accountChanged, { id: after._id, balance: after.balance }, after);
        return after;
      }),
    outbox: () => db.db.collection<OutboxRow>('outbox').find().sort({ aggregate: 1, version: 1, n: 1 }).toArray(),
  };
}

export const eventId = (n: number): EventId => `evt_${String(n).padStart(26, '0')}`;

/** A log that a test can read. */
export function caughtLog(): { log: Log; lines: { level: string; fields: object; message: string }[] } {
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

/** As good as fresh, and much sooner there. */
export async function emptied(db: Database): Promise<void> {
  const collections = await db.db.collections();
  await Promise.all(collections.map((collection) => collection.deleteMany({})));
}

/** Lets something happen just before a write that was prepared from what was read. */
export function justBefore(
  db: Database,
  operation: 'bulkWrite' | 'updateMany',
  happens: () => Promise<unknown>,
): { restore(): void } {
  const prototype = Object.getPrototypeOf(db.db.collection('any')) as Record<
    typeof operation,
    (...args: unknown[]) => Promise<unknown>
  >;
  const original = prototype[operation];
  let first = true;
  prototype[operation] = async function (this: unknown, ...args: unknown[]) {
    if (first) {
      first = false;
      await happens();
    }
    return await original.apply(this, args);
  };
  return { restore: () => void (prototype[operation] = original) };
}
