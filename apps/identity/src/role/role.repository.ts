import { Permissions, RoleId, RolePreset, unionOf, type OrgId, type Role } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { permissionsOf, presetOrder } from './role.rules.js';

export const roleDef = defineCollection(
  'roles',
  tenantDoc.extend({
    _id: RoleId,
    name: z.string(),
    nameKey: z.string().describe('The name as it is compared: without case and accents'),
    preset: RolePreset.nullable(),
    rank: z.int().describe('Presets first'),
    permissions: Permissions,
  }),
  {
    scope: 'org',
    indexes: [
      {
        keys: { orgId: 1, nameKey: 1 },
        unique: true,
        onDuplicate: {
          code: 'role.name-taken',
          message: 'The organization has a role of this name. Choose another, or change that one.',
        },
      },
      { keys: { orgId: 1, rank: 1, nameKey: 1, _id: 1 } },
    ],
  },
);
export type RoleDoc = DocOf<typeof roleDef>;

@Injectable()
export class RoleRepository extends TenantRepository<typeof roleDef> {
  constructor(db: Database) {
    super(db, roleDef);
  }

  /** Across organizations: the snapshot, in the order of ids. */
  after(_id: RoleDoc['_id'] | null, limit: number): Promise<RoleDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }

  /** What holding all of these permits. */
  async permissionsOf(orgId: OrgId, roleIds: readonly RoleId[], tx?: Tx): Promise<Permissions> {
    if (roleIds.length === 0) return {};
    const roles = await this.find({ orgId, _id: { $in: [...roleIds] } }, tx && { tx });
    return unionOf(roles.map(permissionsOf));
  }
}

export const rankOf = (preset: RoleDoc['preset']): number => (preset === null ? presetOrder.length : presetOrder.indexOf(preset));

export function toRole(doc: RoleDoc): Role {
  return {
    id: doc._id,
    name: doc.name,
    preset: doc.preset,
    permissions: permissionsOf(doc),
    version: doc.version,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
