import { DomainError, estimateStart, PropertyId, startService, type OrgId } from '@leasewire/contracts';
import { Assertions, RpcClient, type Ids } from '@leasewire/messaging';
import { Effects, type Attempted, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';

const kind = 'start-service';

/** Ends the silent time of a property in directory. Whoever asks for it has shown what it means and was told to go on. */
@Injectable()
export class ServiceStarts {
  constructor(
    effects: Effects,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(IDS) private readonly ids: Ids,
  ) {
    effects.define(kind, {
      payload: z.object({ propertyId: PropertyId }),
      attempt: ({ orgId, payload }) => this.#attempt(orgId, payload.propertyId),
      reconcile: ({ orgId, payload }) => this.#attempt(orgId, payload.propertyId),
      maxAttempts: 500,
      backoff: { firstMs: 300, mostMs: 30_000 },
    });
  }

  /** Once for each property and reason, however many of its people are imported. */
  intend(tx: Tx, propertyId: PropertyId, reason = 'import'): void {
    tx.effect(kind, { propertyId }, { key: `${reason}:${propertyId}` });
  }

  /** directory wants the digest of what was seen; while people change under our hands it is asked again, later each time. */
  async #attempt(orgId: OrgId, propertyId: PropertyId): Promise<Attempted> {
    try {
      const { digest } = await this.rpc.call(estimateStart, { propertyId }, this.#via(orgId));
      await this.rpc.call(startService, { propertyId, digest }, this.#via(orgId));
      return { state: 'done' };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === 'conflict.state') return { state: 'done' }; // it was started before
      return { state: 'not-done', reason: error.message };
    }
  }

  #via(orgId: OrgId) {
    return { assertion: this.assertions.forService(orgId), correlationId: this.ids.next('cor') };
  }
}
