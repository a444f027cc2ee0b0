import { DomainError, type RpcContract } from '@leasewire/contracts';
import { RpcClient, type CallOptions, type Log, type RawReply } from '@leasewire/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Metrics } from './metrics.js';
import { Series } from './series.js';

/** The client, with a note of how long each call took and how it ended. */
export class MeteredRpcClient extends RpcClient {
  readonly #called: Series<{ observe(seconds: number): void }>;

  constructor(connection: NatsConnection, log: Log, metrics: Metrics, attended: boolean) {
    super(connection, log, attended);
    this.#called = new Series(metrics.rpcCalled);
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
      this.#called.of(contract.name, outcome).observe((performance.now() - startedAt) / 1000);
    }
  }
}
