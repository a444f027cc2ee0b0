import { residentPasswordResetRequested } from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { dueAt, UnitOfWork, type DueClaimer } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ResidentAccountRepository, toResidentAccount } from '../resident-account/resident-account.repository.js';
import { residentKey } from '../resident-sign-in/resident-sign-in.rules.js';
import { addressKey, throttled } from '../throttle/throttle.rules.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { ResidentLinkService } from './resident-link.service.js';
import { ResidentResetRepository, type ResidentResetDoc } from './resident-reset.repository.js';

const keepMs = 7 * 86_400_000;

/**
 * "Forgot password" of residents. The request is written down whoever it is for, and looked into afterwards: answer and
 * timing are the same for everyone. More requests for one address are answered alike and ignored: nobody's mailbox is
 * filled, and the link that is there still holds.
 */
@Injectable()
export class ResidentResetService {
  readonly #claimer: DueClaimer<ResidentResetDoc>;

  constructor(
    private readonly work: UnitOfWork,
    private readonly requests: ResidentResetRepository,
    private readonly accounts: ResidentAccountRepository,
    private readonly links: ResidentLinkService,
    private readonly throttle: ThrottleService,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    this.#claimer = background.claimer<ResidentResetDoc>('resident-resets', {
      repository: requests,
      handleAlone: (request) => this.#answer(request),
      onGiveUp: () => Promise.resolve(), // they ask again
    });
  }

  async request({ email, address }: { email: string; address: string }, call: Call): Promise<Record<string, never>> {
    const byAddress = await this.throttle.admit([{ name: 'reset-address', of: addressKey(address) }]);
    if ('retryAfterMs' in byAddress) throw throttled(byAddress.retryAfterMs);
    const byAccount = await this.throttle.admit([{ name: 'reset-account', of: residentKey(email) }]);
    await this.work.run(call, async (tx) => {
      await this.requests.insert(tx, {
        _id: this.ids.next('rsq'),
        email,
        correlationId: call.correlationId,
        mailed: [],
        due: 'retryAfterMs' in byAccount ? undefined : dueAt(tx.now),
        purgeAt: new Date(tx.now.getTime() + keepMs),
      });
      tx.afterCommit(() => {
        this.#claimer.wake();
      });
    });
    return {};
  }

  /** Each person once, however often this is interrupted. */
  async #answer({ _id, email, correlationId }: ResidentResetDoc): Promise<void> {
    const accounts = (await this.accounts.byEmail(email)).filter(({ state }) => state === 'active');
    for (const { orgId, _id: personId } of accounts) {
      const cause = { kind: 'system', service: 'identity', orgId, correlationId, actor: 'service:identity' } as const;
      await this.work.run(cause, async (tx) => {
        const request = await this.requests.get(_id, { tx });
        if (request.mailed.includes(personId)) return;
        const account = await this.accounts.get({ orgId, _id: personId }, { tx });
        await this.requests.save(tx, { ...request, mailed: [...request.mailed, personId] });
        await this.links.issue(tx, account, { purpose: 'password-reset', email: account.email, requestId: _id });
        tx.publish(residentPasswordResetRequested, { account: toResidentAccount(account) }, account);
      });
    }
  }
}
