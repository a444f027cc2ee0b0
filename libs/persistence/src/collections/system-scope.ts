import type { CollectionDef, TenantDoc } from './collection.js';
import { raw, type FindOptions } from './documents.js';
import type { Conditions } from './filter.js';
import type { TenantRepository } from './repository.js';
import type { Tx } from '../work/tx.js';

export interface SystemScope<D> {
  findOne(filter: Conditions<D>, options?: { tx?: Tx }): Promise<D | null>;
  find(filter: Conditions<D>, options?: FindOptions): Promise<D[]>;
  stream(filter: Conditions<D>, options?: Omit<FindOptions, 'tx'>): AsyncIterable<D>;
  count(filter: Conditions<D>): Promise<number>;
}

/**
 * Reads across organizations: sign-in by e-mail, metrics, commands. Who may import this is a list in the lint
 * configuration; each name on it is a hole in the wall between organizations, so give a reason when you add one.
 */
export function systemScope<Def extends CollectionDef<CollectionDef['schema'], 'org'>, D extends TenantDoc>(
  repository: TenantRepository<Def, D>,
): SystemScope<D> {
  const documents = repository[raw];
  return {
    findOne: (filter, options = {}) => documents.findOne(filter, options),
    find: (filter, options = {}) => documents.find(filter, options),
    stream: (filter, options = {}) => documents.stream(filter, options),
    count: (filter) => documents.count(filter, {}),
  };
}
