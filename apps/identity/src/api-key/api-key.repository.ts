import { ActorRef, ApiKeyId, Permissions, PropertyScope, type ApiKey } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueIndexes,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const apiKeyDef = defineCollection(
  'api_keys',
  tenantDoc.extend({
    _id: ApiKeyId,
    name: z.string(),
    prefix: z.string(),
    hash: z.string(),
    permissions: Permissions,
    properties: PropertyScope,
    createdBy: ActorRef,
    lastUsedAt: z.date().nullable(),
    expiresAt: z.date().nullable(),
    revokedAt: z.date().nullable(),
    due: Due.optional().describe('Its expiry, until that was told'),
  }),
  {
    scope: 'org',
    indexes: [{ keys: { prefix: 1 }, unique: true }, { keys: { orgId: 1, _id: -1 } }, ...dueIndexes],
  },
);
export type ApiKeyDoc = DocOf<typeof apiKeyDef>;

@Injectable()
export class ApiKeyRepository extends TenantRepository<typeof apiKeyDef> {
  constructor(db: Database) {
    super(db, apiKeyDef);
  }

  /** Across organizations: the snapshot, in the order of ids. */
  after(_id: ApiKeyDoc['_id'] | null, limit: number): Promise<ApiKeyDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }

  /** Across organizations: a key says by itself whose it is. */
  byPrefix(prefix: string): Promise<ApiKeyDoc | null> {
    return systemScope(this).findOne({ prefix });
  }
}

export function toApiKey(doc: ApiKeyDoc): ApiKey {
  return {
    id: doc._id,
    name: doc.name,
    prefix: doc.prefix,
    permissions: doc.permissions,
    properties: doc.properties,
    createdBy: doc.createdBy,
    createdAt: doc.createdAt.toISOString(),
    lastUsedAt: doc.lastUsedAt?.toISOString() ?? null,
    expiresAt: doc.expiresAt?.toISOString() ?? null,
    revokedAt: doc.revokedAt?.toISOString() ?? null,
    version: doc.version,
  };
}
