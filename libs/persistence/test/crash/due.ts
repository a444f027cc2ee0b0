import { silentLog, systemClock, systemIds } from '@leasewire/messaging';
import { DueClaimer } from '../../src/index.js';
import { accountChanged, type Account, type Bank } from '../subjects.js';

/** Pays everybody who is due, and tells it. */
export const payingClaimer = ({ accounts, work }: Bank): DueClaimer<Account> =>
  new DueClaimer<Account>({
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

export const stillDue = ({ db }: Bank): Promise<number> =>
  db.db.collection('accounts').countDocuments({ 'due.at': { $exists: true } });
