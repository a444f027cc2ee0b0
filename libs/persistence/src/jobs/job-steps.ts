import { DomainError, type JobContract, type JobId, type JobItemState, type JobView } from '@leasewire/contracts';
import type { SystemCause } from '@leasewire/messaging';
import { z } from 'zod';
import { viewOf, moved, type ItemResult, type JobItemRow, type JobItemSeed, type JobRow } from './job-rows.js';
import type { JobStore } from './job-store.js';
import type { JobHandler, JobItem, JobOf, JobsSettings } from './job-handler.js';
import { isPassing } from '../pace/passing.js';
import type { Tx } from '../work/tx.js';

/** Items that are found, moved or put back in one transaction. */
const many = 1000;
/** Items that are done in one transaction. */
const chunk = 100;

/** A handler with its types closed in. */
interface Definition {
  readonly contract: JobContract;
  readonly chunk: number;
  items(job: JobRow, after: string | null): AsyncIterable<JobItemSeed>;
  run(tx: Tx, items: readonly JobItem[], job: JobRow): Promise<readonly ItemResult[]>;
  readonly cancel: ((tx: Tx, items: readonly JobItem[], job: JobRow) => Promise<unknown>) | undefined;
  onFinished(tx: Tx, job: JobView): Promise<unknown>;
}

/** The next thing to do for a job, each in a transaction of its own. */
export class JobSteps {
  readonly #definitions = new Map<string, Definition>();

  constructor(
    private readonly store: JobStore,
    private readonly settings: JobsSettings,
  ) {
    store.whenOver = async (tx, row) => this.#definitions.get(row.name)?.onFinished(tx, viewOf(row));
  }

  define<C extends JobContract>(contract: C, handler: JobHandler<C>): void {
    if (this.#definitions.has(contract.name)) throw new Error(`The job “${contract.name}” is defined twice`);
    const jobOf = ({ _id: id, orgId, input, createdBy }: JobRow): JobOf<C> => ({
      id,
      orgId,
      createdBy,
      input: z.parse<C['input']>(contract.input, input),
    });
    this.#definitions.set(contract.name, {
      contract,
      chunk: handler.chunk ?? chunk,
      items: (row, after) => handler.items?.(jobOf(row), after) ?? nothing(),
      run: async (tx, of, row) => {
        const results = await handler.run(tx, of, jobOf(row));
        if (results.length !== of.length)
          throw new Error(`${contract.name} gave ${results.length} results for ${of.length} items; give one for each, in order`);
        return results.map((result) =>
          result.state === 'done' ? { ...result, outcome: contract.item.parse(result.outcome) } : result,
        );
      },
      cancel: handler.cancel && (async (tx, of, row) => handler.cancel?.(tx, of, jobOf(row))),
      onFinished: async (tx, job) => handler.onFinished?.(tx, job),
    });
  }

  contract(name: string): JobContract | undefined {
    return this.#definitions.get(name)?.contract;
  }

  contracts(): JobContract[] {
    return [...this.#definitions.values()].map(({ contract }) => contract);
  }

  /** In the transaction that cancels a job: what is not over is told. */
  async cancel(tx: Tx, job: JobRow): Promise<void> {
    const definition = this.#definitions.get(job.name);
    if (!definition?.cancel) return;
    const { doing, waiting } = job.counts;
    const items = [
      ...(doing === 0 ? [] : await this.store.itemsIn(tx, job, 'doing', doing)),
      ...(waiting === 0 ? [] : await this.store.itemsIn(tx, job, 'waiting', waiting)),
    ];
    await definition.cancel(
      tx,
      items.map(({ key, data }) => ({ key, data })),
      job,
    );
  }

  /** False when there is nothing more to do for now. */
  async step(id: JobId): Promise<boolean> {
    const job = await this.store.jobs.findOne({ _id: id });
    const definition = job && this.#definitions.get(job.name);
    if (!job?.active || !definition) return false;
    if (job.state === 'cancelling') await this.#put(job, 'waiting', { state: 'skipped', reason: cancelled });
    else if (job.retrying) await this.#put(job, 'failed', { state: 'waiting' });
    else if (!job.sourced && job.counts.waiting < many) await this.#find(job, definition);
    else await this.#do(job, definition);
    return true;
  }

  /** Puts the items of a state into another, some at a time. */
  async #put(job: JobRow, from: JobItemState, change: Pick<JobItemRow, 'state' | 'reason'>): Promise<void> {
    await this.#run(job, async (tx, row) => {
      const items = await this.store.itemsIn(tx, row, from, many);
      if (items.length > 0) await this.store.move(tx, items, change);
      const counts = moved(
        row.counts,
        from,
        items.map(() => change.state),
      );
      const { retrying, ...rest } = row;
      await this.store.update(tx, items.length < many ? rest : { ...rest, ...(retrying && { retrying }) }, { counts });
    });
  }

  async #find(job: JobRow, definition: Definition): Promise<void> {
    const seeds: JobItemSeed[] = [];
    let all = true;
    try {
      for await (const seed of definition.items(job, job.after)) {
        seeds.push(seed);
        if (seeds.length >= many) {
          all = false;
          break;
        }
      }
    } catch (error) {
      if (isPassing(error)) throw error;
      this.settings.log.error({ err: error, job: job._id }, 'the items of a job cannot be found; it failed');
      await this.#run(job, (tx, row) => this.store.update(tx, row, { state: 'failed', reason: reasonOf(error).message }));
      return;
    }
    const after = seeds.at(-1)?.key ?? job.after;
    await this.#run(job, (tx, row) => this.store.add(tx, row, seeds, { after, sourced: all }));
  }

  /** A chunk in one transaction; when something in it fails, one by one, so that only that one does. */
  async #do(job: JobRow, definition: Definition): Promise<void> {
    if (definition.chunk === 1) {
      await this.#doOne(job, definition);
      return;
    }
    try {
      await this.#doSome(job, definition, definition.chunk);
    } catch (error) {
      if (isPassing(error)) throw error;
      for (let n = 0; n < definition.chunk; n++) await this.#doOne(job, definition);
    }
  }

  async #doOne(job: JobRow, definition: Definition): Promise<void> {
    let tried: string | undefined;
    try {
      await this.#doSome(job, definition, 1, (key) => (tried = key));
    } catch (error) {
      if (tried === undefined || isPassing(error)) throw error;
      await this.#fail(job, tried, error);
    }
  }

  async #doSome(job: JobRow, definition: Definition, limit: number, onTry?: (key: string) => void): Promise<void> {
    await this.#run(job, async (tx, row) => {
      const items = await this.store.itemsIn(tx, row, 'waiting', limit);
      const [first] = items;
      if (!first) return;
      onTry?.(first.key);
      const results = await definition.run(
        tx,
        items.map(({ key, data }) => ({ key, data })),
        row,
      );
      const pairs = items.flatMap((item, at) => {
        const result = results[at];
        return result ? [[item, result] as const] : [];
      });
      await this.store.note(tx, pairs);
      await this.store.update(tx, row, {
        startedAt: row.startedAt ?? tx.now,
        counts: moved(
          row.counts,
          'waiting',
          results.map(({ state }) => state),
        ),
      });
    });
  }

  /** Unless another replica, which took over the job meanwhile, has settled it. */
  async #fail(job: JobRow, key: string, error: unknown): Promise<void> {
    if (!(error instanceof DomainError))
      this.settings.log.error({ err: error, job: job._id }, 'an item of a job failed by a fault of ours');
    await this.#run(job, async (tx, row) => {
      const item = await this.store.itemOf(tx, row, key, 'waiting');
      if (!item) return;
      await this.store.note(tx, [[item, { state: 'failed', reason: reasonOf(error) }]]);
      await this.store.update(tx, row, { startedAt: row.startedAt ?? tx.now, counts: moved(row.counts, 'waiting', ['failed']) });
    });
  }

  /** Decides again within the transaction: when the job has moved on meanwhile, it does nothing. */
  async #run(job: JobRow, work: (tx: Tx, row: JobRow) => Promise<unknown>): Promise<void> {
    const { _id, orgId, correlationId, createdBy } = job;
    const cause: SystemCause = {
      kind: 'system',
      service: this.settings.service,
      orgId,
      correlationId,
      actor: createdBy,
      causationId: _id,
    };
    await this.settings.work.run(cause, async (tx) => {
      const row = await this.store.read(tx, _id);
      const same = row.state === job.state || (row.state !== 'cancelling' && job.state !== 'cancelling' && row.active);
      if (same && row.retrying === job.retrying && row.after === job.after) await work(tx, row);
    });
  }
}

async function* nothing(): AsyncGenerator<JobItemSeed> {}

const cancelled = { code: 'job.cancelled', message: 'The job was cancelled before this item began.' };

function reasonOf(error: unknown): { code: string; message: string } {
  if (error instanceof DomainError) return { code: error.code, message: error.message };
  return { code: 'internal', message: 'A fault of ours; the log has it.' };
}
