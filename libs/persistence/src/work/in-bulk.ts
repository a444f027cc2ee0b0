import type { SystemCause } from '@leasewire/messaging';
import type { Tx } from './tx.js';
import type { UnitOfWork } from './unit-of-work.js';

/** A hundred in a transaction cost little more than one, and a conflict does not repeat too much. */
const together = 100;

/**
 * Many things, about a hundred in each unit of work; how many there were. Interrupted, it has done some hundreds and not
 * the rest: for what must be resumed or shown, make it a job.
 */
export async function inBulk<T>(
  work: UnitOfWork,
  cause: SystemCause,
  items: Iterable<T> | AsyncIterable<T>,
  handle: (tx: Tx, some: readonly T[]) => Promise<unknown>,
): Promise<number> {
  let count = 0;
  let some: T[] = [];
  const flush = async (): Promise<void> => {
    const batch = some;
    some = [];
    count += batch.length;
    if (batch.length > 0) await work.run(cause, (tx) => handle(tx, batch));
  };
  for await (const item of items) if (some.push(item) >= together) await flush();
  await flush();
  return count;
}
