import { DomainError, type RpcContract } from '@leasewire/contracts';
import { RpcClient, type CallOptions, type Log, type RawReply } from '@leasewire/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Metrics } from './metrics.js';

/** The client, with a note of how long each call took and how it ended. */
export class MeteredRpcClient extends RpcClient {
  constructor(
    connection: NatsConnection,
    log: Log,
    private readonly metrics: Metrics,
  ) {
    super(connection, log);
  }

  override async callRaw(contract: RpcContract, input: unknown, via: CallOptions): Promise<RawReply> {
    const startedAt = performance.now();
    let outcome = 'internal';
    try {
      const reply = await super.callRaw(contract, input, via);
      outcome = reply.ok ? 'ok' : 'refused';
      return reply;
    } catch (error) {
      if (error instanceof DomainError) outcome = error.code;
      throw error;
    } finally {
      this.metrics.rpcCalled.observe({ method: contract.name, outcome }, (performance.now() - startedAt) / 1000);
    }
  }
}
