import { DomainError, estimateStart, PropertyId, startService, type OrgId } from '@leasewire/contracts';
import { Assertions, RpcClient, type Ids } from '@leasewire/messaging';
import { Effects, type Attempted, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';

const kind = 'start-service';
const tries = 5;

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

  /** Once for each property, however many of its people are imported. */
  intend(tx: Tx, propertyId: PropertyId): void {
    tx.effect(kind, { propertyId }, { key: propertyId });
  }

  /** directory wants the digest of what was seen; while people change under our hands it is asked again. */
  async start(orgId: OrgId, propertyId: PropertyId): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { digest } = await this.rpc.call(estimateStart, { propertyId }, this.#via(orgId));
      try {
        await this.rpc.call(startService, { propertyId, digest }, this.#via(orgId));
        return;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.code === 'conflict.state') return; // it was started before
        if (error.code !== 'start.estimate-changed' || attempt === tries) throw error;
      }
    }
  }

  async #attempt(orgId: OrgId, propertyId: PropertyId): Promise<Attempted> {
    try {
      await this.start(orgId, propertyId);
      return { state: 'done' };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { state: 'not-done', reason: error.message };
    }
  }

  #via(orgId: OrgId) {
    return { assertion: this.assertions.forService(orgId), correlationId: this.ids.next('cor') };
  }
}
