import { receiveSms, receiveSmsStatus } from '@leasewire/contracts';
import { Assertions, RpcClient, type CallOptions } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { empty, type Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';

/** Passes on what Twilio posts with what proves it; notifications checks that and keeps it before Twilio is answered. */
@Injectable()
export class TwilioHookHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  async status(
    exchange: Exchange,
    { reference, ...form }: { readonly reference: string; readonly [name: string]: unknown },
  ): Promise<Answer> {
    await this.rpc.call(receiveSmsStatus, { ...signed(exchange, form), reference }, this.#asGateway(exchange));
    return empty(204);
  }

  /** An empty answer in Twilio’s language: no text goes back by it. */
  async inbound(exchange: Exchange, form: Readonly<Record<string, unknown>>): Promise<Answer> {
    await this.rpc.call(receiveSms, signed(exchange, form), this.#asGateway(exchange));
    return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: '<Response/>' };
  }

  #asGateway({ correlationId, traceparent }: Exchange): CallOptions {
    return { assertion: this.assertions.forService(null), correlationId, ...(traceparent !== undefined && { traceparent }) };
  }
}

function signed(exchange: Exchange, form: Readonly<Record<string, unknown>>) {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(form)) if (typeof value === 'string') params[name] = value;
  return { signature: exchange.header('x-twilio-signature') ?? '', path: exchange.request.raw.url ?? '', params };
}
