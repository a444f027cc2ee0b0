import type { residentSorts } from '@leasewire/contracts';
import type { Sort } from '@leasewire/persistence';

export type ResidentSort = (typeof residentSorts)[number];

const keys: Readonly<Record<string, string>> = {
  name: 'sort.name',
  lastName: 'sort.lastName',
  unit: 'sort.unit',
  leaseStatus: 'leaseStatus',
  state: 'state',
  updatedAt: 'updatedAt',
  createdAt: 'createdAt',
};

/** Paging adds `_id` in the same direction; residentDef has an index for each, by organization and by property. */
export function sortOf(sort: ResidentSort): Sort {
  const name = sort.replace(/^-/, '');
  return { [keys[name] ?? name]: sort.startsWith('-') ? -1 : 1 };
}
