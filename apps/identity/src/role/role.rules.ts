import {
  DomainError,
  permissionKeys,
  type PermissionKey,
  type PermissionLevel,
  type Permissions,
  type Role,
} from '@leasewire/contracts';

export type RolePreset = NonNullable<Role['preset']>;
export const presetOrder = ['owner', 'manager', 'employee'] as const satisfies readonly RolePreset[];

/** Everything, also what is added to the tree after the organization began: never read from the database. */
const everything: Permissions = {};
for (const key of permissionKeys) everything[key] = 'full';

/** What a new organization begins with. Owners cannot be changed; the other two are theirs to shape. */
const presetTable: Record<Exclude<RolePreset, 'owner'>, Record<PermissionKey, PermissionLevel>> = {
  manager: {
    'accounts.organization': 'view',
    'accounts.staff': 'full',
    'accounts.roles': 'view',
    'accounts.api-keys': 'view',
    'accounts.integrations': 'full',
    'accounts.audit': 'view',
    'residence.properties': 'full',
    'residence.residence': 'full',
    'communication.messages': 'full',
    'communication.templates': 'full',
    'network.wifi': 'full',
    'network.rent-blocks': 'full',
    'network.controllers': 'full',
  },
  employee: {
    'accounts.organization': 'view',
    'accounts.staff': 'none',
    'accounts.roles': 'none',
    'accounts.api-keys': 'none',
    'accounts.integrations': 'none',
    'accounts.audit': 'none',
    'residence.properties': 'view',
    'residence.residence': 'full',
    'communication.messages': 'full',
    'communication.templates': 'view',
    'network.wifi': 'view',
    'network.rent-blocks': 'view',
    'network.controllers': 'none',
  },
};

export const presets: readonly { preset: RolePreset; name: string; permissions: Permissions }[] = [
  { preset: 'owner', name: 'Owner', permissions: everything },
  { preset: 'manager', name: 'Manager', permissions: presetTable.manager },
  { preset: 'employee', name: 'Employee', permissions: presetTable.employee },
];

export interface RoleLike {
  readonly name: string;
  readonly preset: RolePreset | null;
  readonly permissions: Permissions;
}

export function permissionsOf(role: Pick<RoleLike, 'preset' | 'permissions'>): Permissions {
  return role.preset === 'owner' ? everything : role.permissions;
}

export function assertChangeable(role: RoleLike): void {
  if (role.preset !== 'owner') return;
  throw new DomainError(
    'role.preset-fixed',
    `${role.name} holds every permission and cannot be changed. Create a role of your own instead.`,
  );
}

export function assertRemovable(role: RoleLike, holders: number): void {
  if (role.preset !== null)
    throw new DomainError(
      'role.preset-fixed',
      `${role.name} comes with every organization and cannot be removed. Nobody has to hold it.`,
    );
  if (holders > 0)
    throw new DomainError('role.in-use', `${holders} staff hold ${role.name}. Give them another role first.`, { holders });
}
