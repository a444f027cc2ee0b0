import { ActorRef, OrgId, type Organization } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueIndexes,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const organizationDef = defineCollection(
  'organizations',
  tenantDoc.extend({
    _id: OrgId,
    name: z.string(),
    closing: z
      .object({ askedAt: z.date(), by: ActorRef, takesEffectAt: z.date(), residents: z.enum(['keep', 'archive']) })
      .nullable()
      .default(null),
    closedAt: z.date().nullable().default(null),
    due: Due.optional().describe('When it closes, or while it is closing'),
    bootstrapKey: z.string().describe('What the operator typed to begin it, so that typing it again finds it'),
  }),
  { scope: 'org', indexes: [...dueIndexes, { keys: { bootstrapKey: 1 }, unique: true }] },
);
export type OrganizationDoc = DocOf<typeof organizationDef>;

@Injectable()
export class OrganizationRepository extends TenantRepository<typeof organizationDef> {
  constructor(db: Database) {
    super(db, organizationDef);
  }

  /** Across organizations: the snapshot, in the order of ids. */
  after(_id: OrganizationDoc['_id'] | null, limit: number): Promise<OrganizationDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }

  of(orgId: OrgId, tx?: Tx): Promise<OrganizationDoc> {
    return this.get({ orgId, _id: orgId }, tx && { tx });
  }

  /** Across organizations: names to choose from at sign-in. */
  named(ids: readonly OrgId[]): Promise<OrganizationDoc[]> {
    return systemScope(this).find({ _id: { $in: [...ids] } }, { sort: { name: 1 } });
  }

  /** Across organizations: the operator's command. */
  begunBy(bootstrapKey: string): Promise<OrganizationDoc | null> {
    return systemScope(this).findOne({ bootstrapKey });
  }
}

export function toOrganization(doc: OrganizationDoc): Organization {
  return {
    id: doc._id,
    name: doc.name,
    closing: doc.closing && {
      askedAt: doc.closing.askedAt.toISOString(),
      by: doc.closing.by,
      takesEffectAt: doc.closing.takesEffectAt.toISOString(),
      residents: doc.closing.residents,
    },
    closedAt: doc.closedAt?.toISOString() ?? null,
    version: doc.version,
    createdAt: doc.createdAt.toISOString(),
    updatedAt: doc.updatedAt.toISOString(),
  };
}
