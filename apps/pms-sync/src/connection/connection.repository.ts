import { ConnectionId, PmsName } from '@leasewire/contracts';
import { Database, defineCollection, systemScope, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const connectionDef = defineCollection(
  'connections',
  tenantDoc.extend({
    _id: ConnectionId,
    name: z.string(),
    nameKey: z.string().describe('The name as it is compared'),
    pms: PmsName,
    settings: z.record(z.string(), z.string()),
    credentials: z.string().describe('Sealed JSON'),
    credentialsSetAt: z.date(),
    state: z.enum(['active', 'paused', 'disconnected']),
    failures: z.int().describe('In a row'),
    failing: z.boolean().describe('It was told that it fails'),
    lastError: z.object({ at: z.date(), code: z.string(), message: z.string() }).nullable(),
  }),
  {
    scope: 'org',
    sealed: ['credentials'],
    indexes: [
      {
        keys: { orgId: 1, nameKey: 1 },
        unique: true,
        partial: { state: { $in: ['active', 'paused'] } },
        onDuplicate: {
          code: 'connection.name-taken',
          message: 'The organization has a connection of this name. Choose another.',
        },
      },
      {
        keys: { orgId: 1, pms: 1 },
        unique: true,
        partial: { pms: 'csv', state: { $in: ['active', 'paused'] } },
        onDuplicate: { code: 'conflict.state', message: 'Somebody else imports the first file at this moment. Try again.' },
      },
      { keys: { orgId: 1, _id: -1 } },
    ],
  },
);
export type ConnectionDoc = DocOf<typeof connectionDef>;

@Injectable()
export class ConnectionRepository extends TenantRepository<typeof connectionDef> {
  constructor(db: Database) {
    super(db, connectionDef);
  }

  /** Across organizations: the snapshot, in the order of ids; a webhook, which names only its connection. */
  after(_id: ConnectionDoc['_id'] | null, limit: number): Promise<ConnectionDoc[]> {
    return systemScope(this).find(_id === null ? {} : { _id: { $gt: _id } }, { sort: { _id: 1 }, limit });
  }

  byId(_id: ConnectionDoc['_id']): Promise<ConnectionDoc | null> {
    return systemScope(this).findOne({ _id });
  }
}
