import { staffPasswordChanged } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { myself, sessionIdOf } from '../access/access.service.js';
import { lazily } from '../lazily.js';
import { LinkRepository } from '../link/link.repository.js';
import { StaffMailService } from '../mail/staff-mail.service.js';
import { OrganizationRepository } from '../organization/organization.repository.js';
import { SessionService } from '../session/session.service.js';
import { StaffRepository, toStaff } from '../staff/staff.repository.js';
import { assertStrong } from './password.rules.js';
import { PasswordService } from './password.service.js';

@Injectable()
export class ChangePasswordService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly staff: StaffRepository,
    private readonly organizations: OrganizationRepository,
    private readonly passwords: PasswordService,
    private readonly sessions: SessionService,
    private readonly links: LinkRepository,
    private readonly mails: StaffMailService,
  ) {}

  /** Whoever else knew the old one is out: every other session ends, and links that were under way hold no more. */
  async change({ current, password }: { current: string; password: string }, call: Call): Promise<Record<string, never>> {
    const me = myself(call);
    // Within the unit of work, because a repeated call must find its result before the old password is asked for again.
    const passwordHash = lazily(async () => {
      await this.passwords.prove(me, current);
      const [staff, organization] = await Promise.all([
        this.staff.get({ orgId: me.orgId, _id: me.staffId }),
        this.organizations.of(me.orgId),
      ]);
      assertStrong(password, { email: staff.email, name: staff.name, organization: organization.name });
      return this.passwords.hashFor(staff.email, password);
    });
    return this.work.run(call, async (tx) => {
      const hash = await passwordHash();
      const staff = await this.staff.save(tx, await this.staff.get({ orgId: me.orgId, _id: me.staffId }, { tx }));
      await this.passwords.store(tx, staff, hash);
      await this.links.replaceOpen(tx, staff);
      await this.sessions.endAllOf(tx, me, 'password-changed', sessionIdOf(call.actor));
      tx.publish(staffPasswordChanged, { staff: toStaff(staff) }, staff);
      this.mails.notify(tx, staff, { template: 'staff-password-changed' }, String(staff.version));
      return {};
    });
  }
}
