import { z } from 'zod';
import type { ResidentDoc } from '../resident/resident.repository.js';
import type { Alike } from './facets.rules.js';

type Counted = Pick<
  ResidentDoc,
  'state' | 'userTypes' | 'leaseStatus' | 'accountStatus' | 'account' | 'wifiStatus' | 'issues' | 'access'
>;

/**
 * The values of all columns that are counted, as one text. An index of it answers for totals and facets without a look at
 * anybody’s document; no index could of the columns themselves, because two of them are lists.
 */
export const alikeKey = (of: Counted): string =>
  JSON.stringify([
    of.state,
    of.userTypes.toSorted(),
    of.leaseStatus,
    of.accountStatus,
    of.account?.mail?.state ?? null,
    of.wifiStatus,
    of.issues.toSorted(),
    of.access.open,
  ]);

const Text = z.string().nullable();
const Key = z.tuple([Text, z.array(z.string()), Text, Text, Text, Text, z.array(z.string()), z.boolean()]);

export function alikeOf(key: string, count: number): Alike {
  const [state, userType, leaseStatus, accountStatus, mailState, wifiStatus, issue, open] = Key.parse(JSON.parse(key));
  const one = (value: string | null): string[] => (value === null ? [] : [value]);
  return {
    count,
    values: {
      userType,
      issue,
      access: [open ? 'open' : 'closed'],
      state: one(state),
      leaseStatus: one(leaseStatus),
      accountStatus: one(accountStatus),
      mailState: one(mailState),
      wifiStatus: one(wifiStatus),
    },
  };
}
