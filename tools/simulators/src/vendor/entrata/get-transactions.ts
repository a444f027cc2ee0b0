import { customerOf, type Quirks } from '../../faults/quirks.js';
import type { Reply } from '../../http/exchange.js';
import type { Lease } from '../../world/model.js';
import type { World } from '../../world/world.js';
import { american } from '../../world/days.js';
import { chosen, leasePage, type LeasesAsked } from './get-leases.js';
import { statusIds } from './words.js';

/** getLeaseArTransactions: without statuses all but cancelled; the balance is that of the ledger. */
export function getTransactions(world: World, about: LeasesAsked, quirks: Quirks): Reply {
  const { asked, requestId, params, property } = about;
  const usual = Object.values(statusIds).filter((id) => id !== statusIds.Cancelled);
  const found = chosen(world, property, params, usual, quirks);
  return leasePage(asked, requestId, found, (lease) => ledger(world, lease), quirks, false);
}

function ledger(world: World, lease: Lease): Record<string, unknown> {
  const balance = (lease.balance / 100).toFixed(2);
  const due = {
    id: `6${lease.id}`,
    arCodeName: 'Rent',
    description: 'Rent',
    transactionDate: american(lease.moveIn),
    amount: balance,
    amountPaid: '0.00',
    balanceDue: balance,
  };
  const customers = lease.members.map(({ customerId }) => customerOf(world, customerId));
  return {
    id: Number(lease.id),
    propertyId: Number(lease.propertyId),
    unitSpaceId: Number(lease.bedroomIds[0] ?? 0),
    customers: { customer: customers.map(({ id, firstName, lastName }) => ({ id: Number(id), firstName, lastName })) },
    ledgers: {
      ledger: [
        {
          id: `5${lease.id}`,
          name: 'Resident',
          balance,
          pastDueBalance: balance,
          transactions: { transaction: lease.balance === 0 ? [] : [due] },
        },
      ],
    },
  };
}
