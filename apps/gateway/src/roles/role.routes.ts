import { createRole, getRole, listRoles, permissionTree, removeRole, updateRole } from '@leasewire/contracts';
import { z } from 'zod';
import { json } from '../routing/answer.js';
import { defineRoutes, del, get, memberRoute, nothing, patch, post } from '../routing/route.js';

const PermissionGroup = z
  .object({
    key: z.string().describe('`accounts`'),
    label: z.string(),
    children: z.array(z.object({ key: z.string().describe('`accounts.staff`: what roles and keys name'), label: z.string() })),
  })
  .meta({ id: 'PermissionGroup' });
const PermissionGroups = z.object({ items: z.array(PermissionGroup) });

/** The tree that roles are made of, as a page shows it. It only changes with a release. */
const groups: z.output<typeof PermissionGroups> = {
  items: Object.entries(permissionTree).map(([key, { label, children }]) => ({
    key,
    label,
    children: Object.entries(children).map(([leaf, leafLabel]) => ({ key: `${key}.${leaf}`, label: leafLabel })),
  })),
};

export const roleRoutes = defineRoutes('Roles', 'Named sets of permissions.', [
  get('/roles', listRoles, { summary: 'List roles' }),
  post('/roles', createRole, { summary: 'Create a role', status: 201, location: '/v1/roles/{id}' }),
  get('/roles/:roleId', getRole, { summary: 'One role' }),
  patch('/roles/:roleId', updateRole, { summary: 'Change a role', ifMatch: 'version' }),
  del('/roles/:roleId', removeRole, { summary: 'Remove a role', status: 204 }),
  memberRoute(
    'GET',
    '/v1/permissions',
    {
      operationId: 'listPermissions',
      summary: 'The tree of permissions',
      description: 'Each leaf can be held at `view` or `full`; what a role or key does not name is `none`.',
      input: nothing,
      replies: [{ status: 200, describe: 'Groups and their permissions', type: 'application/json', schema: PermissionGroups }],
    },
    () => () => json(200, groups),
  ),
]);
