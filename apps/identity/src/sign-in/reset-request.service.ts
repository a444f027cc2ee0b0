import { staffPasswordResetRequested } from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { dueAt, UnitOfWork, type DueClaimer } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { LinkService } from '../link/link.service.js';
import { StaffMailService } from '../mail/staff-mail.service.js';
import { StaffRepository, toStaff } from '../staff/staff.repository.js';
import { addressKey, throttled } from '../throttle/throttle.rules.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { accountKey } from './device.rules.js';
import { ResetRequestRepository, type ResetRequestDoc } from './reset-request.repository.js';

const keepMs = 7 * 86_400_000;

/**
 * "Forgot password". The request is written down whoever it is for, and looked into afterwards: answer and timing are the
 * same for everyone. Nobody can make the requests of somebody else fail: more of them are answered alike and ignored.
 */
@Injectable()
export class ResetRequestService {
  readonly #claimer: DueClaimer<ResetRequestDoc>;

  constructor(
    private readonly work: UnitOfWork,
    private readonly requests: ResetRequestRepository,
    private readonly staff: StaffRepository,
    private readonly throttle: ThrottleService,
    private readonly links: LinkService,
    private readonly mails: StaffMailService,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    this.#claimer = background.claimer<ResetRequestDoc>('reset-requests', {
      repository: requests,
      handleAlone: (request) => this.#tell(request),
      onGiveUp: () => Promise.resolve(), // they ask again
    });
  }

  async request({ email, address }: { email: string; address: string }, call: Call): Promise<Record<string, never>> {
    const byAddress = await this.throttle.admit([{ name: 'reset-address', of: addressKey(address) }]);
    if ('retryAfterMs' in byAddress) throw throttled(byAddress.retryAfterMs);
    const byAccount = await this.throttle.admit([{ name: 'reset-account', of: accountKey(email) }]);
    await this.work.run(call, async (tx) => {
      const due = 'retryAfterMs' in byAccount ? undefined : dueAt(tx.now);
      const purgeAt = new Date(tx.now.getTime() + keepMs);
      await this.requests.insert(tx, {
        _id: this.ids.next('rsq'),
        email,
        correlationId: call.correlationId,
        told: [],
        due,
        purgeAt,
      });
      tx.afterCommit(() => {
        this.#claimer.wake();
      });
    });
    return {};
  }

  /** Each organization once, however often this is interrupted. The newest link holds: that of the mail they read last. */
  async #tell({ _id, email, correlationId }: ResetRequestDoc): Promise<void> {
    const accounts = (await this.staff.byEmail(email)).filter((staff) => staff.standing.state === 'active');
    for (const { orgId, _id: staffId } of accounts) {
      const cause = { kind: 'system', service: 'identity', orgId, correlationId, actor: 'service:identity' } as const;
      await this.work.run(cause, async (tx) => {
        const request = await this.requests.get(_id, { tx });
        if (request.told.includes(staffId)) return;
        const staff = await this.staff.get({ orgId, _id: staffId }, { tx });
        await this.requests.save(tx, { ...request, told: [...request.told, staffId] });
        if (staff.standing.state !== 'active') return;
        const { doc } = await this.links.issue(tx, staff, 'password-reset', { toBeMailed: true });
        const saved = await this.staff.save(tx, staff);
        tx.publish(staffPasswordResetRequested, { staff: toStaff(saved) }, saved);
        this.mails.mailLink(tx, saved, doc);
      });
    }
  }
}
