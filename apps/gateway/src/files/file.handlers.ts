import { Readable } from 'node:stream';
import { readExport, type JobId, type OutputOf } from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import type { Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import type { Reply } from '../routing/route.js';

type Part = OutputOf<typeof readExport>;

export const csvReply: Reply = {
  status: 200,
  describe: 'The file',
  type: 'text/csv',
  schema: z.string(),
  headers: { 'Content-Disposition': 'A name for the file' },
};

/** CSV files, as a browser saves them. */
@Injectable()
export class FileHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  /** A finished export: the parts one after another, each fetched when the one before has gone out. */
  async export(exchange: Exchange, jobId: JobId, caller: Caller): Promise<Answer> {
    const read = (part: number): Promise<Part> => this.rpc.call(readExport, { jobId, part }, this.#via(exchange, caller));
    // The first one here: what is wrong with the export is a problem, not a broken file.
    const first = await read(0);
    return {
      status: 200,
      headers: csvHeaders(`export-${jobId.slice(-8)}`),
      body: Readable.from(partsFrom(first, read), { objectMode: false }),
    };
  }

  #via(exchange: Exchange, caller: Caller) {
    return { assertion: caller.assertion(this.assertions, performance.now()), correlationId: exchange.correlationId };
  }
}

const csvHeaders = (name: string) => ({
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': `attachment; filename="${name}.csv"`,
});

async function* partsFrom(first: Part, read: (part: number) => Promise<Part>): AsyncGenerator<string> {
  let { text, last } = first;
  yield text;
  for (let part = 1; !last; part++) {
    ({ text, last } = await read(part));
    yield text;
  }
}
