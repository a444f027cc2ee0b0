import {
  DomainError,
  staffInvited,
  staffPasswordResetRequested,
  staffTwoFactorChanged,
  type OrgId,
  type Staff,
  type StaffId,
  type StaffLink,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { AccessService, staffIdOf } from '../access/access.service.js';
import { LinkService } from '../link/link.service.js';
import { StaffMailService } from '../mail/staff-mail.service.js';
import { CredentialRepository } from '../password/credential.repository.js';
import { SessionService } from '../session/session.service.js';
import { StaffRepository, toStaff, type StaffDoc } from './staff.repository.js';
import { assertNotArchived } from './staff.rules.js';

/** For someone who cannot get in: a new link, or no second factor until they set one up again. Never for oneself. */
@Injectable()
export class StaffRecoveryService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly staff: StaffRepository,
    private readonly access: AccessService,
    private readonly links: LinkService,
    private readonly credentials: CredentialRepository,
    private readonly sessions: SessionService,
    private readonly mails: StaffMailService,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async renewLink(staffId: StaffId, call: Call): Promise<z.infer<typeof StaffLink>> {
    return this.work.run(call, async (tx) =>
      this.#link(tx, await this.#someoneElse(tx, staffId, call, 'Change your own password with the one you have.'), {
        invitedBy: call.actor.name,
      }),
    );
  }

  async resetTwoFactor(staffId: StaffId, call: Call): Promise<Staff> {
    return this.work.run(call, async (tx) =>
      this.#turnOff(
        tx,
        await this.#someoneElse(tx, staffId, call, 'Turn your own second factor off with a code or a recovery code.'),
      ),
    );
  }

  /** By the operator's command, for an owner whom nobody of the organization may help. */
  async recover(of: { orgId: OrgId; email: string; withoutSecondFactor: boolean }): Promise<z.infer<typeof StaffLink>> {
    const { orgId, email, withoutSecondFactor } = of;
    return this.work.run(systemCause('identity', orgId, this.ids), async (tx) => {
      const staff = await this.staff.findOne({ orgId, email }, { tx });
      if (!staff) throw new DomainError('not-found', `Nobody of the staff of ${orgId} has the address ${email}.`);
      assertNotArchived(staff._id, staff.standing);
      if (withoutSecondFactor) await this.#turnOff(tx, staff);
      // the operator gives it to them: maybe it is their mailbox that they cannot get into
      return this.#link(tx, await this.staff.get({ orgId, _id: staff._id }, { tx }), null);
    });
  }

  /** `mail`: null when it is not mailed. */
  async #link(
    tx: Tx,
    before: StaffDoc,
    mail: { readonly invitedBy: string | undefined } | null,
  ): Promise<z.infer<typeof StaffLink>> {
    const invited = before.standing.state === 'invited';
    const purpose = invited ? 'invitation' : 'password-reset';
    const { link, expiresAt, doc } = await this.links.issue(tx, before, purpose, { toBeMailed: mail !== null });
    const saved = await this.staff.save(
      tx,
      invited ? { ...before, standing: { state: 'invited', inviteExpiresAt: expiresAt } } : before,
    );
    tx.publish(invited ? staffInvited : staffPasswordResetRequested, { staff: toStaff(saved) }, saved);
    if (mail) this.mails.mailLink(tx, saved, doc, mail.invitedBy === undefined ? {} : { invitedBy: mail.invitedBy });
    return link;
  }

  async #turnOff(tx: Tx, before: StaffDoc): Promise<Staff> {
    if (!before.twoFactor)
      throw new DomainError('conflict.state', `${before.name} has no second factor; they sign in with their password alone.`);
    await this.credentials.save(tx, { ...(await this.credentials.of(before, tx)), twoFactor: { state: 'off' } });
    const saved = await this.staff.save(tx, { ...before, twoFactor: false });
    await this.sessions.endAllOf(tx, { orgId: saved.orgId, staffId: saved._id }, 'revoked');
    tx.publish(staffTwoFactorChanged, { staff: toStaff(saved) }, saved);
    this.mails.notify(tx, saved, { template: 'staff-two-factor-off' }, String(saved.version));
    return toStaff(saved);
  }

  /** Otherwise an open screen would be enough to take an account over for good. */
  async #someoneElse(tx: Tx, staffId: StaffId, call: Call, instead: string): Promise<StaffDoc> {
    const own = await this.access.authorityOf(call, 'accounts.staff:full', tx);
    const staff = await this.staff.get({ orgId: call.orgId, _id: staffId }, { tx });
    assertNotArchived(staffId, staff.standing);
    if (staffIdOf(call.actor) === staffId) throw new DomainError('conflict.state', `This is for others. ${instead}`);
    await this.access.assertMayChange(call, own, staff, tx);
    return staff;
  }
}
