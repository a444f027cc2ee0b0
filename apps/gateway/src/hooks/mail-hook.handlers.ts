import { DomainError, receiveMailReports } from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { RawBody } from '../http/raw-body.js';
import { json, type Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';

const { timestamp: Timestamp, signature: Signature } = receiveMailReports.input.shape;

@Injectable()
export class MailHookHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  /** POST /v1/hooks/mail: the bytes as they were signed go to whoever has the secret. */
  async reports(exchange: Exchange): Promise<Answer> {
    const timestamp = Timestamp.safeParse(exchange.header('leasewire-timestamp'));
    const signature = Signature.safeParse(exchange.header('leasewire-signature'));
    const { body } = exchange.request;
    if (!timestamp.success || !signature.success || !(body instanceof RawBody) || body.bytes.length === 0)
      throw new DomainError('webhook.signature', 'There is no signed report here: a header or the body is missing.');
    const signed = { timestamp: timestamp.data, signature: signature.data, body: body.bytes.toString('utf8') };
    const via = { assertion: this.assertions.forService(null), correlationId: exchange.correlationId };
    return json(200, await this.rpc.call(receiveMailReports, signed, via));
  }
}
