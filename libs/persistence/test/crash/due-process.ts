import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog, systemClock, systemIds } from '@leasewire/messaging';
import { Database, DueClaimer } from '../../src/index.js';
import { accountChanged, bankOn, type Account } from '../subjects.js';

/** A replica that pays everybody who is due, and tells it, until nobody is; or dies. */
const [uri = '', name = ''] = process.argv.slice(2);
const db = await Database.connect(uri, name, silentLog);
const { work, accounts } = await bankOn(db);
const claimer = new DueClaimer<Account>({
  ...{ repository: accounts, service: 'bank', work, clock: systemClock, ids: systemIds, log: silentLog },
  ...{ batch: 50, pollMs: 50, leaseMs: 600, onGiveUp: () => Promise.resolve() },
  handle: (tx, docs) =>
    Promise.all(
      docs.map(async ({ due: _due, ...doc }) => {
        const saved = await accounts.save(tx, { ...doc, balance: doc.balance + 1 });
        tx.publish(accountChanged, { id: saved._id, balance: saved.balance }, saved);
      }),
    ),
});
process.stdout.write('ready\n');
claimer.start();
while ((await db.db.collection('accounts').countDocuments({ 'due.at': { $exists: true } })) > 0) await sleep(10);
await claimer.stop();
await db.close();
