import {
  organizationCreated,
  staffInvited,
  staffJoined,
  type Locale,
  type OrgId,
  type RolePreset,
  type StaffLink,
} from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { AccessGuardRepository } from '../access/access-guard.repository.js';
import { LinkService } from '../link/link.service.js';
import { CredentialRepository } from '../password/credential.repository.js';
import { assertStrong } from '../password/password.rules.js';
import { PasswordService } from '../password/password.service.js';
import { RoleRepository, type RoleDoc } from '../role/role.repository.js';
import { RoleService } from '../role/role.service.js';
import { StaffRepository, toStaff, withDetails, type StaffDoc } from '../staff/staff.repository.js';
import { OrganizationRepository, toOrganization, type OrganizationDoc } from './organization.repository.js';
import { bootstrapKey } from './organization.rules.js';

export interface FirstStaff {
  readonly email: string;
  readonly name: string;
  readonly locale: z.infer<typeof Locale>;
  /** Without one they are invited, and the link is the answer. */
  readonly password?: string | undefined;
}

export interface Begun {
  readonly organization: OrganizationDoc;
  readonly owner: StaffDoc;
  readonly created: boolean;
  /** While the owner has not set a password. */
  readonly link?: z.infer<typeof StaffLink>;
}

/** How an organization and its first staff come to be: by the operator's command, never over the network. */
@Injectable()
export class BootstrapService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly organizations: OrganizationRepository,
    private readonly guard: AccessGuardRepository,
    private readonly roleService: RoleService,
    private readonly roles: RoleRepository,
    private readonly staff: StaffRepository,
    private readonly credentials: CredentialRepository,
    private readonly passwords: PasswordService,
    private readonly links: LinkService,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** Typed again, it finds what it began; an owner who has not joined yet gets a new link. */
  async begin(name: string, owner: FirstStaff): Promise<Begun> {
    const key = bootstrapKey(name, owner.email);
    const known = await this.organizations.begunBy(key);
    if (known) return this.#again(known, owner);
    const passwordHash = await this.#hash(owner, name);
    const orgId = this.ids.next('org');
    try {
      return await this.work.run(systemCause('identity', orgId, this.ids), async (tx) => {
        const organization = await this.organizations.insert(tx, {
          _id: orgId,
          orgId,
          name,
          closing: null,
          closedAt: null,
          bootstrapKey: key,
        });
        tx.publish(organizationCreated, { organization: toOrganization(organization) }, organization);
        const [ownerRole] = await this.roleService.begin(tx);
        if (!ownerRole) throw new Error('an organization without the owner preset');
        await this.guard.insert(tx, { _id: orgId, orgId, ownerRoleId: ownerRole._id });
        return { organization, created: true, ...(await this.#add(tx, owner, ownerRole, passwordHash)) };
      });
    } catch (error) {
      const meanwhile = await this.organizations.begunBy(key); // the same command, twice at once
      if (!meanwhile) throw error;
      return this.#again(meanwhile, owner);
    }
  }

  /** One more of its first staff, for the demo. Whoever has the address already stays as they are. */
  async add(orgId: OrgId, preset: z.infer<typeof RolePreset>, staff: FirstStaff): Promise<StaffDoc> {
    const known = await this.staff.findOne({ orgId, email: staff.email });
    if (known) return known;
    const organization = await this.organizations.of(orgId);
    const passwordHash = await this.#hash(staff, organization.name);
    return this.work.run(systemCause('identity', orgId, this.ids), async (tx) => {
      const role = await this.roles.findOne({ orgId, preset }, { tx });
      if (!role) throw new Error(`the organization has no role for the preset ${preset}`);
      return (await this.#add(tx, staff, role, passwordHash)).owner;
    });
  }

  async #again(organization: OrganizationDoc, { email }: FirstStaff): Promise<Begun> {
    const { orgId } = organization;
    const found = await this.staff.findOne({ orgId, email });
    if (found?.standing.state !== 'invited')
      return { organization, created: false, owner: found ?? (await this.#anyOwner(orgId)) };
    return this.work.run(systemCause('identity', orgId, this.ids), async (tx) => {
      const before = await this.staff.get({ orgId, _id: found._id }, { tx });
      const { link, expiresAt } = await this.links.issue(tx, before, 'invitation');
      const owner = await this.staff.save(tx, { ...before, standing: { state: 'invited', inviteExpiresAt: expiresAt } });
      tx.publish(staffInvited, { staff: toStaff(owner) }, owner);
      return { organization, owner, created: false, link };
    });
  }

  /** The first owner goes by another address by now. */
  async #anyOwner(orgId: OrgId): Promise<StaffDoc> {
    const { ownerRoleId } = await this.guard.get({ orgId, _id: orgId });
    const [owner] = await this.staff.find(
      { orgId, roleIds: ownerRoleId, 'standing.state': 'active' },
      { sort: { createdAt: 1 }, limit: 1 },
    );
    if (!owner) throw new Error(`organization ${orgId} has no active owner`);
    return owner;
  }

  async #add(tx: Tx, { email, name, locale }: FirstStaff, role: RoleDoc, passwordHash: string | null) {
    const { orgId } = tx;
    const _id = this.ids.next('stf');
    const invited = passwordHash === null ? await this.links.issue(tx, { _id, orgId }, 'invitation') : null;
    const standing: StaffDoc['standing'] = invited
      ? { state: 'invited', inviteExpiresAt: invited.expiresAt }
      : { state: 'active' };
    const owner = await this.staff.insert(
      tx,
      withDetails({
        _id,
        orgId,
        email,
        name,
        locale,
        standing,
        roleIds: [role._id],
        properties: 'all' as const,
        twoFactor: false,
        lastSignInAt: null,
      }),
    );
    await this.credentials.begin(tx, orgId, _id);
    if (passwordHash !== null) await this.passwords.store(tx, owner, passwordHash);
    tx.publish(invited ? staffInvited : staffJoined, { staff: toStaff(owner) }, owner);
    return { owner, ...(invited && { link: invited.link }) };
  }

  async #hash({ email, name, password }: FirstStaff, organization: string): Promise<string | null> {
    if (password === undefined) return null;
    assertStrong(password, { email, name, organization });
    return this.passwords.hashFor(email, password);
  }
}
