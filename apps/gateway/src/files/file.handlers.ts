import { Readable } from 'node:stream';
import {
  readAuditExport,
  readExport,
  readFailedRows,
  readImportTemplate,
  readInvitationExport,
  serviceOfJob,
  type CsvImportId,
  type InputOf,
  type JobId,
  type OutputOf,
  type PropertyId,
  type RpcContract,
} from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import type { Answered } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import type { Reply } from '../routing/route.js';

/** One stretch of a file, and where the next one begins; null: that was the last. */
interface Stretch<At> {
  readonly text: string;
  readonly next: At | null;
}

const types = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' } as const;
type Format = keyof typeof types;

const replyOf = (type: 'text/csv' | 'application/x-ndjson'): Reply => ({
  status: 200,
  describe: 'The file',
  type,
  schema: z.string(),
  headers: { 'Content-Disposition': 'A name for the file' },
});
export const csvReply = replyOf('text/csv');
export const ndjsonReply = replyOf('application/x-ndjson');

/** Files, as a browser saves them. Owners give them in stretches that fit the broker. */
@Injectable()
export class FileHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  export(exchange: Exchange, jobId: JobId, caller: Caller): Promise<Answered> {
    const contract = serviceOfJob(jobId) === 'onboarding' ? readInvitationExport : readExport;
    const read = async (part: number): Promise<Stretch<number>> => {
      const { text, last } = await this.#call(contract, { jobId, part }, exchange, caller);
      return { text, next: last ? null : part + 1 };
    };
    return this.#sent(read(0), read, () => `export-${jobId.slice(-8)}.csv`);
  }

  auditExport(exchange: Exchange, jobId: JobId, caller: Caller): Promise<Answered> {
    let format: Format = 'ndjson';
    const read = async (part: number): Promise<Stretch<number>> => {
      const { content, parts, ...its } = await this.#call(readAuditExport, { jobId, part }, exchange, caller);
      format = its.format;
      return { text: content, next: part + 1 < parts ? part + 1 : null };
    };
    return this.#sent(read(0), read, () => `audit-${jobId.slice(-8)}.${format}`);
  }

  failedRows(exchange: Exchange, importId: CsvImportId, caller: Caller): Promise<Answered> {
    const read = (next?: string): Promise<Stretch<string>> =>
      this.#call(readFailedRows, { importId, ...(next !== undefined && { next }) }, exchange, caller);
    return this.#sent(read(), read, () => `failed-rows-${importId.slice(-8)}.csv`);
  }

  importTemplate(exchange: Exchange, propertyId: PropertyId, caller: Caller): Promise<Answered> {
    const read = (next?: string): Promise<Stretch<string>> =>
      this.#call(readImportTemplate, { propertyId, ...(next !== undefined && { next }) }, exchange, caller);
    return this.#sent(read(), read, () => `residents-${propertyId.slice(-8)}.csv`);
  }

  /** The first stretch is awaited before anything is sent: what is wrong is a problem then, not a broken file. Each next one is fetched when the one before has gone out. */
  async #sent<At>(
    beginning: Promise<Stretch<At>>,
    read: (at: At) => Promise<Stretch<At>>,
    nameOf: () => `${string}.${Format}`,
  ): Promise<Answered> {
    const first = await beginning;
    const name = nameOf();
    return {
      status: 200,
      headers: {
        'content-type': types[name.endsWith('.csv') ? 'csv' : 'ndjson'],
        'content-disposition': `attachment; filename="${name}"`,
      },
      body: Readable.from(textFrom(first, read), { objectMode: false }),
    };
  }

  #call<C extends RpcContract>(contract: C, input: InputOf<C>, exchange: Exchange, caller: Caller): Promise<OutputOf<C>> {
    const assertion = caller.assertion(this.assertions, performance.now());
    return this.rpc.call(contract, input, { assertion, correlationId: exchange.correlationId });
  }
}

async function* textFrom<At>(first: Stretch<At>, read: (at: At) => Promise<Stretch<At>>): AsyncGenerator<string> {
  let { text, next } = first;
  yield text;
  while (next !== null) {
    ({ text, next } = await read(next));
    yield text;
  }
}
