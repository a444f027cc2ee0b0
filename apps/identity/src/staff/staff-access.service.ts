import {
  DomainError,
  staffAccessChanged,
  staffArchived,
  staffChanged,
  staffInvited,
  staffRestored,
  type ParsedInputOf,
  type RoleId,
  type Staff,
  type StaffId,
  type inviteStaff,
  type updateStaff,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccessGuardRepository } from '../access/access-guard.repository.js';
import { assertWithin, type Authority } from '../access/access.rules.js';
import { AccessService } from '../access/access.service.js';
import { LinkRepository } from '../link/link.repository.js';
import { LinkService } from '../link/link.service.js';
import { StaffMailService } from '../mail/staff-mail.service.js';
import { CredentialRepository } from '../password/credential.repository.js';
import { RoleRepository } from '../role/role.repository.js';
import { SessionService } from '../session/session.service.js';
import { assertVersion } from '../version.rules.js';
import { StaffRepository, toStaff, withDetails, type StaffDoc } from './staff.repository.js';
import { archive, assertNotArchived, assertOwnerRemains, restore, sameAccess } from './staff.rules.js';

type Update = ParsedInputOf<typeof updateStaff>;

/** Who joins, leaves, and may do what. Every method locks the guard of the organization first (access-guard.repository.ts). */
@Injectable()
export class StaffAccessService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly staff: StaffRepository,
    private readonly roles: RoleRepository,
    private readonly guard: AccessGuardRepository,
    private readonly access: AccessService,
    private readonly credentials: CredentialRepository,
    private readonly linkService: LinkService,
    private readonly links: LinkRepository,
    private readonly sessions: SessionService,
    private readonly mails: StaffMailService,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async invite(input: ParsedInputOf<typeof inviteStaff>, call: Call) {
    const { orgId } = call;
    return this.work.run(call, async (tx) => {
      await this.guard.lock(tx, orgId);
      const own = await this.access.authorityOf(call, 'accounts.staff:full', tx);
      const roleIds = await this.#existing(tx, call, input.roleIds);
      assertWithin(await this.access.holdingOf({ orgId, roleIds, properties: input.properties }, tx), own, 'What you hand out');
      const _id = this.ids.next('stf');
      const { link, expiresAt, doc } = await this.linkService.issue(tx, { _id: _id, orgId }, 'invitation', { toBeMailed: true });
      const { email, name, locale, properties } = input;
      const staff = await this.staff.insert(
        tx,
        withDetails({
          _id: _id,
          orgId,
          email,
          name,
          locale,
          standing: { state: 'invited' as const, inviteExpiresAt: expiresAt },
          roleIds,
          properties,
          twoFactor: false,
          lastSignInAt: null,
        }),
      );
      await this.credentials.begin(tx, orgId, staff._id);
      tx.publish(staffInvited, { staff: toStaff(staff) }, staff);
      this.mails.mailLink(tx, staff, doc, call.actor.name === undefined ? {} : { invitedBy: call.actor.name });
      return { ...toStaff(staff), link };
    });
  }

  async update(input: Update, call: Call): Promise<Staff> {
    return this.work.run(call, async (tx) => {
      const { before, own, ownerRoleId } = await this.#begin(tx, input.staffId, call);
      assertVersion(before, input.version);
      assertNotArchived(before._id, before.standing);
      const after = await this.#edited(tx, before, input, call);
      const accessChanged = !sameAccess(before, after);
      if (accessChanged) {
        assertWithin(await this.access.holdingOf(after, tx), own, 'What you hand out');
        assertOwnerRemains(before, after, ownerRoleId, await this.staff.otherOwners(tx, call.orgId, ownerRoleId, before._id));
      }
      const detailsChanged = after.email !== before.email || after.name !== before.name || after.locale !== before.locale;
      if (!accessChanged && !detailsChanged) return toStaff(before);
      // A link that went to another address is in somebody else's mailbox.
      if (after.email !== before.email) await this.links.replaceOpen(tx, before);
      const saved = await this.staff.save(tx, after);
      if (accessChanged) tx.publish(staffAccessChanged, { staff: toStaff(saved) }, saved);
      if (detailsChanged) tx.publish(staffChanged, { staff: toStaff(saved) }, saved);
      return toStaff(saved);
    });
  }

  async archive(staffId: StaffId, call: Call): Promise<Staff> {
    return this.work.run(call, async (tx) => {
      const { before, ownerRoleId } = await this.#begin(tx, staffId, call);
      if (before.standing.state === 'archived') return toStaff(before);
      const after = { ...before, standing: archive(before.standing, tx.now) };
      assertOwnerRemains(before, after, ownerRoleId, await this.staff.otherOwners(tx, call.orgId, ownerRoleId, staffId));
      return this.leave(tx, before);
    });
  }

  /** Without a question who remains: that is for the caller, who has locked the guard. */
  async leave(tx: Tx, before: StaffDoc): Promise<Staff> {
    const { orgId, _id: staffId } = before;
    const saved = await this.staff.save(tx, { ...before, standing: archive(before.standing, tx.now) });
    await this.credentials.block(tx, saved);
    await this.links.replaceOpen(tx, saved);
    tx.publish(staffArchived, { staff: toStaff(saved) }, saved);
    await this.sessions.endAllOf(tx, { orgId, staffId }, 'archived');
    return toStaff(saved);
  }

  async restore(staffId: StaffId, call: Call): Promise<Staff> {
    return this.work.run(call, async (tx) => {
      const { before } = await this.#begin(tx, staffId, call);
      if (before.standing.state !== 'archived') return toStaff(before);
      const saved = await this.staff.save(tx, { ...before, standing: restore(before.standing) });
      tx.publish(staffRestored, { staff: toStaff(saved) }, saved);
      return toStaff(saved);
    });
  }

  async #begin(tx: Tx, staffId: StaffId, call: Call): Promise<{ before: StaffDoc; own: Authority; ownerRoleId: RoleId }> {
    const { ownerRoleId } = await this.guard.lock(tx, call.orgId);
    const own = await this.access.authorityOf(call, 'accounts.staff:full', tx);
    const before = await this.staff.get({ orgId: call.orgId, _id: staffId }, { tx });
    await this.access.assertMayChange(call, own, before, tx);
    return { before, own, ownerRoleId };
  }

  async #edited(tx: Tx, before: StaffDoc, { email, name, locale, roleIds, properties }: Update, call: Call): Promise<StaffDoc> {
    const moved = email !== undefined && email !== before.email;
    return withDetails({
      ...before,
      ...(email !== undefined && { email }),
      ...(name !== undefined && { name }),
      ...(locale !== undefined && { locale }),
      ...(properties !== undefined && { properties }),
      ...(roleIds !== undefined && { roleIds: await this.#existing(tx, call, roleIds) }),
      ...(moved && before.standing.state === 'invited' && { standing: { state: 'invited' as const, inviteExpiresAt: null } }),
    });
  }

  /** Each once, in the order given; a role of another organization is none. */
  async #existing(tx: Tx, call: Call, roleIds: readonly RoleId[]): Promise<RoleId[]> {
    const wanted = [...new Set(roleIds)];
    const found = await this.roles.find({ orgId: call.orgId, _id: { $in: wanted } }, { tx, fields: ['name'] });
    const missing = wanted.filter((id) => !found.some((role) => role._id === id));
    if (missing.length > 0)
      throw new DomainError('not-found', `There is no role ${missing.join(', ')} here. Look at the list of roles.`, {
        roleIds: missing,
      });
    return wanted;
  }
}
