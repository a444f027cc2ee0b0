import { DomainError, FieldData, PropertyId, sendTemplate, StaffId, SystemTemplateName } from '@leasewire/contracts';
import { Assertions, RpcClient, type Clock } from '@leasewire/messaging';
import { Effects, type Attempted, type Effect, type Tx } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';

const AlertMail = z.object({
  template: SystemTemplateName,
  staffIds: z.array(StaffId).min(1).max(1000),
  propertyId: PropertyId.nullable(),
  data: FieldData,
});
export type AlertMail = z.infer<typeof AlertMail>;
const kind = 'alert-mail';
const againMs = 5_000;

/** Alerts go out the way everything else does that a service sends: under a key, with a delivery for each. */
@Injectable()
export class AlertMails {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(CLOCK) private readonly clock: Clock,
    effects: Effects,
  ) {
    effects.define(kind, {
      payload: AlertMail,
      attempt: (effect) => this.#attempt(effect),
      reconcile: async (effect) => {
        const outcome = await this.#attempt(effect);
        return outcome.state === 'later' ? { state: 'unknown' } : outcome;
      },
      timeoutMs: 20_000,
    });
  }

  mail(tx: Tx, mail: AlertMail, key: string): void {
    tx.effect(kind, mail, { key });
  }

  async #attempt({ id, orgId, payload, correlationId }: Effect<AlertMail>): Promise<Attempted> {
    const { template, staffIds, propertyId, data } = payload;
    const recipients = staffIds.map((staffId) => ({ kind: 'staff' as const, staffId }));
    try {
      await this.rpc.call(
        sendTemplate,
        { key: `${template}:${id}`, template, category: 'security', propertyId, recipients, data },
        { assertion: this.assertions.forService(orgId), correlationId, idempotencyKey: id },
      );
      return { state: 'done' };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code !== 'unavailable' && error.code !== 'timeout') return { state: 'not-done', reason: error.message };
      return { state: 'later', at: new Date(this.clock.now().getTime() + againMs), reason: error.message };
    }
  }
}
