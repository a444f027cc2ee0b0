import {
  roleChanged,
  roleCreated,
  roleRemoved,
  staffAccessChanged,
  type Permissions,
  type Role,
  type RoleId,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AccessGuardRepository } from '../access/access-guard.repository.js';
import { assertWholeOrganization, assertWithin, type Authority } from '../access/access.rules.js';
import { AccessService } from '../access/access.service.js';
import { fold } from '../staff/staff-search.rules.js';
import { StaffRepository, toStaff } from '../staff/staff.repository.js';
import { assertVersion } from '../version.rules.js';
import { RoleRepository, rankOf, toRole, type RoleDoc } from './role.repository.js';
import { assertChangeable, assertRemovable, presets } from './role.rules.js';

const Count = z.object({ _id: z.string(), holders: z.int() });

@Injectable()
export class RoleService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly roles: RoleRepository,
    private readonly staff: StaffRepository,
    private readonly guard: AccessGuardRepository,
    private readonly access: AccessService,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async list({ limit, cursor }: { limit: number; cursor?: string | undefined }, call: Call) {
    const { orgId } = call;
    const { items, nextCursor } = await this.roles.page({ orgId }, { sort: { rank: 1, nameKey: 1 }, limit, cursor });
    const ids = items.map((role) => role._id);
    const counted = await this.staff.aggregate({ orgId, roleIds: { $in: ids }, 'standing.state': { $ne: 'archived' } }, [
      { $unwind: '$roleIds' },
      { $group: { _id: '$roleIds', holders: { $sum: 1 } } },
    ]);
    const holders = new Map(counted.map((row) => Count.parse(row)).map((row) => [row._id, row.holders]));
    return {
      items: items.map((doc): Role & { holders: number } => ({ ...toRole(doc), holders: holders.get(doc._id) ?? 0 })),
      nextCursor,
    };
  }

  async get(roleId: RoleId, call: Call): Promise<Role> {
    return toRole(await this.roles.get({ orgId: call.orgId, _id: roleId }));
  }

  async create({ name, permissions }: { name: string; permissions: Permissions }, call: Call): Promise<Role> {
    return this.work.run(call, async (tx) => {
      const own = await this.#authority(tx, call);
      assertWithin({ permissions, properties: [] }, own, 'This role');
      const role = await this.roles.insert(tx, {
        _id: this.ids.next('rol'),
        orgId: call.orgId,
        ...named(name),
        preset: null,
        rank: rankOf(null),
        permissions,
      });
      tx.publish(roleCreated, { role: toRole(role) }, role);
      return toRole(role);
    });
  }

  async update(
    input: { roleId: RoleId; name?: string | undefined; permissions?: Permissions | undefined; version?: number | undefined },
    call: Call,
  ): Promise<Role> {
    return this.work.run(call, async (tx) => {
      const { role: before } = await this.#begin(tx, input.roleId, call, input.permissions);
      assertVersion(before, input.version);
      assertChangeable(before);
      const after = {
        ...before,
        ...(input.name !== undefined && named(input.name)),
        permissions: input.permissions ?? before.permissions,
      };
      const saved = await this.roles.save(tx, after);
      tx.publish(roleChanged, { role: toRole(saved) }, saved);
      return toRole(saved);
    });
  }

  async remove(roleId: RoleId, call: Call): Promise<Record<string, never>> {
    const { orgId } = call;
    return this.work.run(call, async (tx) => {
      const { role } = await this.#begin(tx, roleId, call);
      const holders = await this.staff.find({ orgId, roleIds: roleId }, { tx, limit: 1000 });
      assertRemovable(role, holders.filter((staff) => staff.standing.state !== 'archived').length);
      await this.#takeFromArchived(tx, roleId, holders);
      await this.roles.remove(tx, { orgId, _id: roleId });
      tx.publish(roleRemoved, { role: toRole(role) }, { _id: roleId, version: role.version + 1 });
      return {};
    });
  }

  /** The presets of a new organization; the owner's comes first. */
  async begin(tx: Tx): Promise<RoleDoc[]> {
    const { orgId } = tx;
    const roles = await this.roles.insertMany(
      tx,
      presets.map(({ preset, name, permissions }) => ({
        _id: this.ids.next('rol'),
        orgId,
        ...named(name),
        preset,
        rank: rankOf(preset),
        permissions,
      })),
    );
    for (const role of roles) tx.publish(roleCreated, { role: toRole(role) }, role);
    return roles;
  }

  /** Restored, they come back without it. */
  async #takeFromArchived(tx: Tx, roleId: RoleId, holders: Awaited<ReturnType<StaffRepository['find']>>): Promise<void> {
    const without = holders.map((staff) => ({ ...staff, roleIds: staff.roleIds.filter((id) => id !== roleId) }));
    for (const staff of await this.staff.saveMany(tx, without)) tx.publish(staffAccessChanged, { staff: toStaff(staff) }, staff);
  }

  async #begin(tx: Tx, roleId: RoleId, call: Call, permissions: Permissions = {}): Promise<{ role: RoleDoc }> {
    await this.guard.lock(tx, call.orgId);
    const own = await this.#authority(tx, call);
    const role = await this.roles.get({ orgId: call.orgId, _id: roleId }, { tx });
    assertWithin({ permissions: toRole(role).permissions, properties: [] }, own, role.name);
    assertWithin({ permissions, properties: [] }, own, 'What you put into this role');
    return { role };
  }

  async #authority(tx: Tx, call: Call): Promise<Authority> {
    const own = await this.access.authorityOf(call, 'accounts.roles:full', tx);
    assertWholeOrganization(own);
    return own;
  }
}

const named = (name: string): Pick<RoleDoc, 'name' | 'nameKey'> => ({ name, nameKey: fold(name) });
