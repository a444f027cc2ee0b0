import { defineJob } from '@leasewire/contracts';
import { z } from 'zod';
import type { Database, EffectKind, JobHandler } from '../../src/index.js';
import type { Accounts } from '../subjects.js';

export const payOut = defineJob('bank.pay-out', {
  input: z.object({ items: z.int() }),
  item: z.object({ balance: z.int() }),
  permission: 'residence.residence:full',
  describe: 'Pay everyone',
});

/** Finds its items itself, and pays each by one. */
export const payEach = (accounts: Accounts): JobHandler<typeof payOut> => ({
  chunk: 10,
  async *items(job, after) {
    for (let n = after === null ? 0 : Number(after) + 1; n < job.input.items; n++) yield { key: String(n).padStart(5, '0') };
  },
  async run(tx, items) {
    const found = await accounts.find({ orgId: tx.orgId, name: { $in: items.map(({ key }) => key) } }, { tx, sort: { name: 1 } });
    const paid = await accounts.saveMany(
      tx,
      found.map((one) => ({ ...one, balance: one.balance + 1 })),
    );
    return paid.map(({ balance }) => ({ state: 'done', outcome: { balance } }));
  },
});

const payload = z.object({ to: z.string() });

/** The provider keeps every mail it was ever given. */
export const mail = (db: Database): EffectKind<typeof payload> => ({
  payload,
  batch: 5,
  async attempt({ payload: { to } }) {
    await db.db.collection('sent').insertOne({ to });
    return { state: 'done' };
  },
});
