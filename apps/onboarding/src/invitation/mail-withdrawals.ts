import { DomainError, withdrawMessage } from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Effects, type Attempted, type Effect, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { InvitationDoc } from './invitation.repository.js';
import { keyOfMail } from './mail-key.rules.js';

const kind = 'withdraw-invitation-mail';
const Payload = z.object({ key: z.string(), reason: z.string() });

/** A mail that waits its turn with a link that works no more is taken back; one that had begun goes out, and its page says why. */
@Injectable()
export class MailWithdrawals {
  constructor(
    effects: Effects,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {
    effects.define(kind, {
      payload: Payload,
      attempt: (effect) => this.#withdraw(effect),
      reconcile: (effect) => this.#withdraw(effect),
      maxAttempts: 50,
      backoff: { firstMs: 300, mostMs: 30_000 },
    });
  }

  intend(tx: Tx, { _id, remindersSent, askedSent, mail }: InvitationDoc, reason: string): void {
    if (mail.state !== 'queued') return;
    const key = keyOfMail(_id, remindersSent + askedSent);
    tx.effect(kind, { key, reason }, { key });
  }

  async #withdraw({ orgId, payload, correlationId }: Effect<z.output<typeof Payload>>): Promise<Attempted> {
    try {
      await this.rpc.call(withdrawMessage, payload, { assertion: this.assertions.forService(orgId), correlationId });
      return { state: 'done' };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // never handed over, and it will not be: the link is looked at before
      return error.code === 'not-found' ? { state: 'done' } : { state: 'not-done', reason: error.message };
    }
  }
}
