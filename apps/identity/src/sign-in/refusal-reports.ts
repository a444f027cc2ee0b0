import { staffSignInRefused, type DataOf } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { Afterwards } from '../afterwards.js';
import { StaffMailService } from '../mail/staff-mail.service.js';
import { StaffRepository, toStaff, type StaffDoc } from '../staff/staff.repository.js';
import { ThrottleService } from '../throttle/throttle.service.js';

type Reason = DataOf<typeof staffSignInRefused>['reason'];

/**
 * Tells the staff of an organization that somebody was refused at the door. After the answer, never before it: there is
 * something to tell only where there is an account, and the time it takes must not show.
 */
@Injectable()
export class RefusalReports {
  constructor(
    private readonly work: UnitOfWork,
    private readonly staff: StaffRepository,
    private readonly throttle: ThrottleService,
    private readonly afterwards: Afterwards,
    private readonly mails: StaffMailService,
  ) {}

  report(
    { email, address, organizationId }: { email: string; address: string; organizationId?: string | undefined },
    reason: Reason,
    call: Call,
  ): void {
    this.afterwards.run('reporting a refused sign-in', async () => {
      const accounts = await this.staff.byEmail(email);
      const meant = accounts.filter(({ orgId, standing }) => standing.state !== 'invited' && (organizationId ?? orgId) === orgId);
      for (const staff of meant)
        await this.#tell(staff, staff.standing.state === 'archived' ? 'archived' : reason, address, call);
    });
  }

  async #tell(staff: StaffDoc, reason: Reason, address: string, { correlationId }: Call): Promise<void> {
    const due = await this.throttle.admit([{ name: 'refusal-report', of: `${staff._id}|${reason}` }]);
    if ('retryAfterMs' in due) return;
    const cause = { kind: 'system', service: 'identity', orgId: staff.orgId, correlationId, actor: 'service:identity' } as const;
    await this.work.run(cause, (tx) => {
      const from = address.slice(0, 64);
      tx.publish(staffSignInRefused, { staff: toStaff(staff), reason, address: from }, staff);
      // once a day: whoever guesses all night fills no mailbox
      if (reason === 'throttled')
        this.mails.notify(tx, staff, { template: 'staff-sign-in-locked', address: from }, tx.now.toISOString().slice(0, 10));
      return Promise.resolve();
    });
  }
}
