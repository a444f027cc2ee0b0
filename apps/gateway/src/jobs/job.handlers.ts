import { allJobs, DomainError, jobRpcs, type JobView } from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import { json, type Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import type { JobQuery } from './job.routes.js';

const asked = [...new Set(allJobs.map(({ service }) => service))].map((service) => jobRpcs(service).listJobs);
/** Of each service its own cursor; one that is not named has no more. */
const Cursors = z.record(z.string(), z.string().max(1000));

@Injectable()
export class JobHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  /** GET /v1/jobs: a share of the page from each service that has more. */
  async list(exchange: Exchange, { cursor, limit, name, state }: z.output<typeof JobQuery>, caller: Caller): Promise<Answer> {
    const cursors = cursor === undefined ? undefined : decode(cursor);
    const open = asked.filter(({ service }) => !cursors || service in cursors);
    const share = Math.max(1, Math.ceil(limit / Math.max(1, open.length)));
    const options = { assertion: caller.assertion(this.assertions, performance.now()), correlationId: exchange.correlationId };
    const pages = await Promise.all(
      open.map(async (contract) => {
        const own = cursors?.[contract.service];
        const input = {
          limit: share,
          ...(name !== undefined && { name }),
          ...(state && { state }),
          ...(own !== undefined && { cursor: own }),
        };
        return { service: contract.service, page: await this.rpc.call(contract, input, options) };
      }),
    );
    const items = pages.flatMap(({ page }) => page.items).sort(newestFirst);
    const next = pages.flatMap(({ service, page }) => (page.nextCursor === null ? [] : [[service, page.nextCursor] as const]));
    return json(200, { items, nextCursor: next.length === 0 ? null : encode(Object.fromEntries(next)) });
  }
}

const newestFirst = (a: JobView, b: JobView): number => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0);
const encode = (cursors: Readonly<Record<string, string>>): string => Buffer.from(JSON.stringify(cursors)).toString('base64url');

function decode(cursor: string): Readonly<Record<string, string>> {
  try {
    return Cursors.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new DomainError('cursor.invalid', 'This is not a cursor of the list of jobs. Leave it out to begin.');
  }
}
