import { Readable } from 'node:stream';
import { readAuditExport, type JobId, type OutputOf } from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import type { Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';

type Part = OutputOf<typeof readAuditExport>;

@Injectable()
export class AuditExportHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  /** The parts one after another, each fetched when the one before has gone out. */
  async download(exchange: Exchange, jobId: JobId, caller: Caller): Promise<Answer> {
    const read = (part: number): Promise<Part> =>
      this.rpc.call(
        readAuditExport,
        { jobId, part },
        { assertion: caller.assertion(this.assertions, performance.now()), correlationId: exchange.correlationId },
      );
    // The first one here: what is wrong with the export is a problem, not a broken file.
    const first = await read(0);
    return {
      status: 200,
      headers: {
        'content-type': first.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
        'content-disposition': `attachment; filename="audit-${jobId.slice(-8)}.${first.format}"`,
      },
      body: Readable.from(partsFrom(first, read), { objectMode: false }),
    };
  }
}

async function* partsFrom(first: Part, read: (part: number) => Promise<Part>): AsyncGenerator<string> {
  yield first.content;
  for (let part = 1; part < first.parts; part++) yield (await read(part)).content;
}
