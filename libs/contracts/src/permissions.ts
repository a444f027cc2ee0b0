import { z } from 'zod';

/**
 * The one registry of permissions: a tree as staff see it (*Accounts › Integrations*), each leaf none, view or full.
 * A route or call names what it needs as `accounts.integrations:full`.
 */
export const permissionTree = {
  accounts: {
    label: 'Accounts',
    children: {
      organization: 'Organization',
      staff: 'Staff',
      roles: 'Roles & permissions',
      'api-keys': 'API keys',
      integrations: 'Integrations',
      audit: 'Audit',
    },
  },
  residence: { label: 'Residence', children: { properties: 'Properties', residence: 'Residence' } },
  communication: { label: 'Communication', children: { messages: 'Messages', templates: 'Templates' } },
  network: { label: 'Network', children: { wifi: 'Wi-Fi', 'rent-blocks': 'Rent blocks', controllers: 'Controllers' } },
} as const;

type Tree = typeof permissionTree;
export type PermissionKey = { [G in keyof Tree]: `${G}.${keyof Tree[G]['children'] & string}` }[keyof Tree];
export type PermissionLevel = 'none' | 'view' | 'full';
export type Permission = `${PermissionKey}:${'view' | 'full'}`;

// eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Object.keys forgets which keys they are
export const permissionKeys = Object.entries(permissionTree).flatMap(([group, { children }]) =>
  Object.keys(children).map((leaf) => `${group}.${leaf}`),
) as PermissionKey[];

export const PermissionLevel = z.enum(['none', 'view', 'full']);
/** A set of permissions: what is not named is `none`. */
export const Permissions = z
  .partialRecord(z.enum(permissionKeys), PermissionLevel)
  .meta({ id: 'Permissions', description: 'Permission → none, view or full; what is not named is none' });
export type Permissions = z.infer<typeof Permissions>;

const rank: Record<PermissionLevel, number> = { none: 0, view: 1, full: 2 };

export function permits(held: Permissions, needed: Permission): boolean {
  const [key, level] = splitPermission(needed);
  return rank[held[key] ?? 'none'] >= rank[level];
}

/** Someone with several roles may do what any of them may. */
export function unionOf(sets: readonly Permissions[]): Permissions {
  const all: Permissions = {};
  for (const set of sets)
    for (const key of permissionKeys) {
      const level = set[key] ?? 'none';
      if (rank[level] > rank[all[key] ?? 'none']) all[key] = level;
    }
  return all;
}

/** True when `a` holds nothing that `b` lacks: nobody may hand out more than they hold. */
export function isWithin(a: Permissions, b: Permissions): boolean {
  return permissionKeys.every((key) => rank[a[key] ?? 'none'] <= rank[b[key] ?? 'none']);
}

export function splitPermission(permission: Permission): [PermissionKey, 'view' | 'full'] {
  const at = permission.lastIndexOf(':');
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the type of a permission says what its two parts are
  return [permission.slice(0, at) as PermissionKey, permission.slice(at + 1) as 'view' | 'full'];
}
