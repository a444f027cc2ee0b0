import { DomainError, sendTemplate } from '@leasewire/contracts';
import { Assertions, RpcClient, type Clock } from '@leasewire/messaging';
import { Effects, type Attempted, type Effect, type Tx } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { afterError, tooOldMs } from '../mail/staff-mail.rules.js';
import type { ResidentAccountDoc } from '../resident-account/resident-account.repository.js';
import { ResidentHome } from './resident-home.js';
import { partlyHidden, ResidentNotice } from './resident-notice.rules.js';

const kind = 'resident-notice';

/**
 * Tells residents what happened to their account, so that whoever did not do it learns of it. Intended in the transaction of what it
 * tells, and handed to notifications afterwards under a key that makes it one mail.
 */
@Injectable()
export class ResidentNotices {
  constructor(
    private readonly home: ResidentHome,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(CLOCK) private readonly clock: Clock,
    effects: Effects,
  ) {
    effects.define(kind, {
      payload: ResidentNotice,
      attempt: (effect) => this.#attempt(effect),
      // the key makes asking again the way to find out
      reconcile: async (effect) => {
        const outcome = await this.#attempt(effect);
        return outcome.state === 'later' ? { state: 'unknown' } : outcome;
      },
      timeoutMs: 20_000,
    });
  }

  passwordChanged(tx: Tx, account: ResidentAccountDoc): void {
    this.#tell(tx, { ...whom(account), template: 'password-changed', at: tx.now.toISOString() });
  }

  /** To the old address: at the new one nobody needs to be warned. */
  emailChanged(tx: Tx, before: ResidentAccountDoc, newEmail: string): void {
    const at = tx.now.toISOString();
    this.#tell(tx, { ...whom(before), template: 'email-changed', newEmail: partlyHidden(newEmail), at });
  }

  #tell(tx: Tx, notice: ResidentNotice): void {
    tx.effect(kind, notice, { key: `${notice.template}:${notice.personId}:${notice.at}` });
  }

  async #attempt({ id, orgId, payload, correlationId }: Effect<ResidentNotice>): Promise<Attempted> {
    const now = this.clock.now();
    if (now.getTime() - Date.parse(payload.at) > tooOldMs)
      return { state: 'not-done', retry: false, reason: 'It is too old to be of use.' };
    const { template, personId, email, name, locale: language, newEmail, at } = payload;
    try {
      const { propertyId, named } = await this.home.of(orgId, personId);
      await this.rpc.call(
        sendTemplate,
        {
          ...{ key: `${template}:${id}`, template, propertyId, language },
          category: 'security',
          recipients: [{ kind: 'address', email, name, personId, language }],
          data: { ...named, 'event.at': at, ...(newEmail !== undefined && { 'account.newEmail': newEmail }) },
        },
        { assertion: this.assertions.forService(orgId), correlationId, idempotencyKey: id },
      );
      return { state: 'done' };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return afterError(error.code, error.message, now);
    }
  }
}

const whom = ({ _id: personId, email, name, locale }: ResidentAccountDoc) => ({ personId, email, name, locale });
