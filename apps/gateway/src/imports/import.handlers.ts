import { createHash } from 'node:crypto';
import { addUploadPart, beginUpload, DomainError, endUpload, uploadPartBytes, type CsvImportSummary } from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import { RawBody } from '../http/raw-body.js';
import { json, type Answer } from '../routing/answer.js';
import { nextId, type Exchange } from '../routing/exchange.js';
import { idempotencyKeyOf } from '../routing/idempotency.js';
import { invalid } from '../routing/problems-of-input.js';
import type { UploadInput } from './import.routes.js';

@Injectable()
export class ImportHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  /** POST /v1/imports: a file in one request becomes parts that fit the broker. Repeated, each part is done once. */
  async upload(exchange: Exchange, { propertyId, fileName }: z.output<typeof UploadInput>, caller: Caller): Promise<Answer> {
    const bytes = bytesOf(exchange);
    if (bytes.length === 0) throw invalid([{ path: '', message: 'the file is empty; send it as the body' }]);
    const key = idempotencyKeyOf(exchange.request.raw.headers['idempotency-key']) ?? nextId();
    const via = () => ({
      assertion: caller.assertion(this.assertions, performance.now()),
      correlationId: exchange.correlationId,
      // another file with the same key is another upload
      idempotencyBase: `${caller.key}:${key}:${createHash('sha256').update(bytes).digest('base64url')}`,
    });
    const { id: importId } = await this.rpc.call(beginUpload, { propertyId, fileName }, via());
    const parts = Math.ceil(bytes.length / uploadPartBytes);
    for (let part = 0; part < parts; part++) {
      const data = bytes.subarray(part * uploadPartBytes, (part + 1) * uploadPartBytes).toString('base64');
      await this.rpc.call(addUploadPart, { importId, part, data }, via());
    }
    const uploaded: CsvImportSummary = await this.rpc.call(endUpload, { importId, parts }, via());
    return json(201, uploaded, { location: `/v1/imports/${importId}` });
  }
}

function bytesOf({ request }: Exchange): Buffer {
  const { body } = request;
  if (body instanceof RawBody) return body.bytes;
  throw new DomainError('unsupported-media-type', 'Send the file itself as the body, as text/csv.');
}
