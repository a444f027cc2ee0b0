import { DomainError } from '@leasewire/contracts';
import { indexName, type CollectionDef } from './collection.js';
import { refusedByIndex } from '../database/database.js';

/** What a duplicate key means in the words of the collection, or undefined when the error is another one. */
export function duplicate(def: CollectionDef, error: unknown): DomainError | undefined {
  const refusedBy = refusedByIndex(error);
  if (refusedBy === undefined) return undefined;
  const said = def.indexes.find((spec) => indexName(spec) === refusedBy)?.onDuplicate;
  if (said) return new DomainError(said.code, said.message, {}, { cause: error });
  return new DomainError(
    'conflict.state',
    `Such a document of ${def.name} is already there (${refusedBy}).`,
    {},
    { cause: error },
  );
}
