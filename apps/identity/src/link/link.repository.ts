import { ActorRef, InviteId, StaffId, type OrgId } from '@leasewire/contracts';
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

const Life = z.discriminatedUnion('state', [
  z.object({ state: z.literal('open') }),
  z.object({ state: z.literal('used'), at: z.date() }),
  z.object({ state: z.literal('replaced'), at: z.date() }),
]);

export const linkDef = defineCollection(
  'links',
  tenantDoc.extend({
    _id: InviteId,
    staffId: StaffId,
    purpose: z.enum(['invitation', 'password-reset']),
    hash: z.string(),
    mailToken: z.string().nullish().describe('Sealed, until it is mailed or needs no more be'),
    expiresAt: z.date(),
    createdBy: ActorRef,
    life: Life,
    purgeAt: z.date(),
  }),
  {
    scope: 'org',
    sealed: ['mailToken'],
    indexes: [
      { keys: { hash: 1 }, unique: true },
      { keys: { orgId: 1, staffId: 1, 'life.state': 1 } },
      { keys: { purgeAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
export type LinkDoc = DocOf<typeof linkDef>;
export const mailTokenPlace = (orgId: OrgId) => ({ orgId, collection: 'links', field: 'mailToken' });

@Injectable()
export class LinkRepository extends TenantRepository<typeof linkDef> {
  constructor(db: Database) {
    super(db, linkDef);
  }

  /** Across organizations: whoever opens a link is known by nothing else. */
  byHash(hash: string): Promise<LinkDoc | null> {
    return systemScope(this).findOne({ hash });
  }

  /** From now on only a newer link holds, or none. */
  async replaceOpen(tx: Tx, { orgId, _id: staffId }: { readonly orgId: OrgId; readonly _id: StaffId }): Promise<void> {
    const open = await this.find({ orgId, staffId, 'life.state': 'open' }, { tx });
    await this.saveMany(
      tx,
      open.map((link) => ({ ...link, mailToken: null, life: { state: 'replaced' as const, at: tx.now } })),
    );
  }
}
