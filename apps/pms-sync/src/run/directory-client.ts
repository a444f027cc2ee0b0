import {
  applySync,
  applyUnits,
  planSync,
  syncBasis,
  type InputOf,
  type OrgId,
  type OutputOf,
  type SyncRunId,
  type UpstreamUnit,
  type PropertyId,
} from '@leasewire/contracts';
import { Assertions, RpcClient, type CallOptions, type Ids } from '@leasewire/messaging';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { chunksOf } from './run.rules.js';

export interface ForRun {
  readonly orgId: OrgId;
  readonly propertyId: PropertyId;
  readonly runId: SyncRunId;
  readonly attempt: number;
  readonly fetchedAt: Date;
}
type Observed = InputOf<typeof applySync>;
type What = Pick<Observed, 'scope' | 'present' | 'absent' | 'confirmed'>;

/** What pms-sync tells directory: always in its own name, for it is the PMS that says so. */
@Injectable()
export class DirectoryClient {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  basis(run: ForRun): Promise<OutputOf<typeof syncBasis>> {
    return this.rpc.call(syncBasis, { propertyId: run.propertyId }, this.#via(run));
  }

  plan(run: ForRun, what: What): Promise<OutputOf<typeof planSync>> {
    return this.rpc.call(planSync, this.#observed(run, what), this.#via(run));
  }

  apply(run: ForRun, what: What): Promise<OutputOf<typeof applySync>> {
    return this.rpc.call(applySync, this.#observed(run, what), this.#via(run));
  }

  async applyUnits(run: ForRun, units: readonly UpstreamUnit[], absent: readonly string[]): Promise<void> {
    const about = { propertyId: run.propertyId, runId: run.runId, fetchedAt: run.fetchedAt.toISOString() };
    for (const some of chunksOf(units, 500)) await this.rpc.call(applyUnits, { ...about, units: some }, this.#via(run));
    for (const some of chunksOf(absent, 500))
      await this.rpc.call(applyUnits, { ...about, units: [], absent: some }, this.#via(run));
  }

  #observed({ propertyId, runId, fetchedAt }: ForRun, what: What): Observed {
    return { propertyId, runId, fetchedAt: fetchedAt.toISOString(), ...what };
  }

  /** The same key for the same words of the same attempt: a call that is repeated is done once. */
  #via({ orgId, runId, attempt }: ForRun): CallOptions {
    return {
      assertion: this.assertions.forService(orgId),
      correlationId: this.ids.next('cor'),
      idempotencyBase: `${runId}:${attempt}`,
    };
  }
}
