import {
  DomainError,
  importResidents,
  jobRpcs,
  ResidentId,
  type JobId,
  type JobItemView,
  type JobView,
  type OrgId,
  type OutputOf,
} from '@leasewire/contracts';
import { Assertions, RpcClient, type Clock } from '@leasewire/messaging';
import type { Attempted } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';

/** Whom directory was asked to import and did not, in its own words. */
export const NotImported = z.array(z.object({ id: ResidentId, reason: z.string() }));
export type NotImported = z.output<typeof NotImported>;

interface Ask {
  readonly id: string;
  readonly orgId: OrgId;
  readonly correlationId: string;
}
const { getJob, listJobItems } = jobRpcs('directory');
const isOver = ({ state }: JobView): boolean => state === 'done' || state === 'cancelled' || state === 'failed';
const soonestMs = 1000;
const latestMs = 30_000;

/** Has directory import people. Of each whom it imports it tells; whom it did not is only in the items of its job. */
@Injectable()
export class DirectoryImports {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Done when directory’s job is over. It is begun once under this key, however often it is asked. */
  async over(ask: Ask, ids: readonly ResidentId[]): Promise<Attempted> {
    try {
      const key = { ...this.#via(ask), idempotencyKey: ask.id };
      const { id } = await this.rpc.call(importResidents, { selection: { ids: [...ids] } }, key);
      const job = await this.rpc.call(getJob, { jobId: id }, this.#via(ask));
      if (!isOver(job)) return { state: 'later', at: this.#nextLook(job), reason: 'directory is importing them.' };
      if (job.counts.done === ids.length) return { state: 'done', outcome: [] };
      return { state: 'done', outcome: notImported(job, await this.#items(ask, id), ids) };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { state: 'not-done', reason: error.message };
    }
  }

  /** The longer it takes, the seldomer it is asked. */
  #nextLook({ createdAt }: JobView): Date {
    const now = this.clock.now().getTime();
    const age = now - Date.parse(createdAt);
    return new Date(now + Math.min(latestMs, Math.max(soonestMs, age / 2)));
  }

  async #items(ask: Ask, jobId: JobId): Promise<JobItemView[]> {
    const found: JobItemView[] = [];
    let cursor: string | undefined;
    do {
      const input = { jobId, limit: 200, ...(cursor !== undefined && { cursor }) };
      const page: OutputOf<typeof listJobItems> = await this.rpc.call(listJobItems, input, this.#via(ask));
      found.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  }

  #via({ orgId, correlationId }: Ask) {
    return { assertion: this.assertions.forService(orgId), correlationId };
  }
}

/** Somebody who was not pending any more was imported, or left, by somebody else: directory tells of that as well. */
function notImported(job: JobView, items: readonly JobItemView[], ids: readonly ResidentId[]): NotImported {
  const byKey = new Map(items.map((item) => [item.key, item]));
  return ids.flatMap((id) => {
    const item = byKey.get(id);
    if (item?.state === 'done' || item?.reason?.code === 'conflict.state') return [];
    return [{ id, reason: item?.reason?.message ?? job.reason ?? 'directory did not import them.' }];
  });
}
