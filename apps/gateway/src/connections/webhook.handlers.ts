import { DomainError, receiveWebhook, type ConnectionId } from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { RawBody } from '../http/raw-body.js';
import { json, type Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';

const { timestamp: Timestamp, signature: Signature } = receiveWebhook.input.shape;

@Injectable()
export class WebhookHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  /** POST /v1/connections/:connectionId/webhook: the bytes as they were signed go to whoever has the secret. */
  async receive(exchange: Exchange, connectionId: ConnectionId): Promise<Answer> {
    const timestamp = Timestamp.safeParse(exchange.header('buildium-webhook-timestamp'));
    const signature = Signature.safeParse(exchange.header('buildium-webhook-signature'));
    const { body } = exchange.request;
    if (!timestamp.success || !signature.success || !(body instanceof RawBody) || body.bytes.length === 0)
      throw new DomainError('webhook.signature', 'There is no signed event here: a header or the body is missing.');
    const signed = { timestamp: timestamp.data, signature: signature.data, body: body.bytes.toString('utf8') };
    const via = { assertion: this.assertions.forService(null), correlationId: exchange.correlationId };
    return json(202, await this.rpc.call(receiveWebhook, { connectionId, ...signed }, via));
  }
}
