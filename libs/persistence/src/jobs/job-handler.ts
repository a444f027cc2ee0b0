import type { JobContract, JobId, JobView } from '@leasewire/contracts';
import type { Clock, Ids, Log } from '@leasewire/messaging';
import type { z } from 'zod';
import type { Database } from '../database/database.js';
import type { Tx } from '../work/tx.js';
import type { UnitOfWork } from '../work/unit-of-work.js';
import type { ItemResult, JobItemSeed, JobRow } from './job-rows.js';

export interface JobOf<C extends JobContract> {
  readonly id: JobId;
  readonly orgId: JobRow['orgId'];
  readonly input: z.output<C['input']>;
  readonly createdBy: JobRow['createdBy'];
}

export interface JobItem {
  readonly key: string;
  readonly data: unknown;
}

export interface JobHandler<C extends JobContract> {
  /**
   * Finds the items, where `start` was given none. It is called again with the key of the last item that was stored, after
   * each batch and after a crash, and goes on behind that one.
   */
  items?(job: JobOf<C>, after: string | null): AsyncIterable<JobItemSeed>;
  /**
   * Does up to `chunk` items within one transaction, each decided again from its own state; a result for each, in order.
   * When it throws, the items are done one by one, so that only the one that fails does.
   */
  run(tx: Tx, items: readonly JobItem[], job: JobOf<C>): Promise<readonly ItemResult<z.input<C['item']>>[]>;
  readonly chunk?: number;
  /**
   * The job was cancelled before these were over: stops what can be stopped. What is under way is settled as ever, now or when it has
   * stopped; what had not begun is skipped afterwards. All at once, so only for jobs of a few thousand items.
   */
  cancel?(tx: Tx, items: readonly JobItem[], job: JobOf<C>): Promise<unknown>;
  /** In the transaction that ends the job. */
  onFinished?(tx: Tx, job: JobView): Promise<unknown>;
}

export interface JobsSettings {
  readonly db: Database;
  readonly service: string;
  readonly work: UnitOfWork;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** How many jobs this replica works at once. */
  readonly slots?: number;
  readonly pollMs?: number;
}
