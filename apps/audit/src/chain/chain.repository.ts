import { randomBytes } from 'node:crypto';
import { ChainHead, type OrgId } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  Due,
  dueIndexes,
  SecretBox,
  systemScope,
  tenantDoc,
  TenantRepository,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { beginning } from './chain.rules.js';

export const chainsDef = defineCollection(
  'chains',
  tenantDoc.extend({
    seq: z.int().nonnegative(),
    hash: z.string(),
    /** Of the last entry; the next one is never earlier. */
    recordedAt: z.date(),
    /** Signed anew with every batch. Null before the first. */
    head: ChainHead.nullable(),
    /** Signed position of the last entry that retention took away. */
    anchor: ChainHead.nullable(),
    /** Search words and digests of large values are keyed with it. */
    searchKey: z.string(),
    announced: z.object({ seq: z.int(), at: z.date() }).nullable(),
    /** When the head is to be announced. */
    due: Due.optional(),
  }),
  { scope: 'org', sealed: ['searchKey'], indexes: dueIndexes },
);
export type ChainDoc = DocOf<typeof chainsDef>;

/** Where the chain of each organization stands. Its _id is the organization's. */
@Injectable()
export class ChainRepository {
  readonly rows: TenantRepository<typeof chainsDef>;

  constructor(
    db: Database,
    private readonly box: SecretBox,
  ) {
    this.rows = new TenantRepository(db, chainsDef);
  }

  find(orgId: OrgId, tx?: Tx): Promise<ChainDoc | null> {
    return this.rows.findOne({ orgId, _id: orgId }, tx ? { tx } : {});
  }

  /** Whose chains there are; for commands, which verify all. */
  async organizations(): Promise<OrgId[]> {
    const chains = await systemScope(this.rows).find({}, { sort: { _id: 1 } });
    return chains.map(({ orgId }) => orgId);
  }

  /**
   * Takes the chain for this transaction: whoever else takes it meanwhile, on any replica, conflicts at once and comes
   * again. The write comes first, so that a conflict costs nothing; the version is the fence.
   */
  async take(tx: Tx, orgId: OrgId): Promise<ChainDoc> {
    const chain = await this.find(orgId, tx);
    if (chain) return this.rows.save(tx, chain);
    const searchKey = this.box.seal(randomBytes(32).toString('base64'), placeOf(orgId));
    const { seq, hash } = beginning;
    return this.rows.insert(tx, {
      _id: orgId,
      orgId,
      seq,
      hash,
      recordedAt: new Date(0),
      head: null,
      anchor: null,
      searchKey,
      announced: null,
    });
  }

  save(tx: Tx, chain: ChainDoc): Promise<ChainDoc> {
    return this.rows.save(tx, chain);
  }

  searchKeyOf({ orgId, searchKey }: ChainDoc): Buffer {
    return Buffer.from(this.box.open(searchKey, placeOf(orgId)), 'base64');
  }
}

const placeOf = (orgId: OrgId) => ({ orgId, collection: chainsDef.name, field: 'searchKey' });
