import type { OrgId } from '@leasewire/contracts';
import { nextAfter, type ChainedEntry } from '../../src/chain/chain.rules.js';
import type { World } from '../audit.world.js';

type Row = Omit<ChainedEntry, 'orgId'> & { orgId: OrgId; hash: string; types: string[]; version: number };

/** Somebody with a shell on the database server. */
export class Intruder {
  private readonly entries;
  private readonly chains;
  constructor(
    readonly orgId: OrgId,
    { db }: World,
  ) {
    this.entries = db.db.collection<Row>('entries');
    this.chains = db.db.collection<{ _id: string; orgId: string }>('chains');
  }

  async row(seq: number): Promise<Row> {
    const row = await this.entries.findOne({ orgId: this.orgId, seq });
    if (!row) throw new Error(`no entry ${seq}`);
    return row;
  }
  async set(seq: number, change: object): Promise<void> {
    await this.entries.updateOne({ orgId: this.orgId, seq }, { $set: change });
  }
  /** To what the server makes of these expressions. */
  async compute(seq: number, change: object): Promise<void> {
    await this.entries.updateOne({ orgId: this.orgId, seq }, [{ $set: change }]);
  }
  async remove(...seqs: number[]): Promise<void> {
    await this.entries.deleteMany({ orgId: this.orgId, seq: { $in: seqs } });
  }
  async chain(change: object): Promise<void> {
    await this.chains.updateOne({ _id: this.orgId }, { $set: change });
  }
  async removeChain(): Promise<void> {
    await this.chains.deleteOne({ _id: this.orgId });
  }
  /** Chains everything anew from this entry on. */
  async rewriteFrom(seq: number, change: object): Promise<{ seq: number; hash: string }> {
    let last = seq === 1 ? { seq: 0, hash: '0'.repeat(64) } : await this.row(seq - 1);
    const rows = await this.entries
      .find({ orgId: this.orgId, seq: { $gte: seq } })
      .sort({ seq: 1 })
      .toArray();
    for (const row of rows) {
      const entry = nextAfter(last, { ...row, ...(row.seq === seq && change) });
      await this.entries.replaceOne({ orgId: this.orgId, _id: row._id }, entry);
      last = entry;
    }
    return { seq: last.seq, hash: last.hash };
  }
  async insertAfter(seq: number): Promise<void> {
    const last = await this.row(seq);
    const lie = { ...last, _id: `aud_${'0'.repeat(25)}x`, eventId: 'evt_lie' };
    await this.entries.insertOne(nextAfter(last, lie));
  }
}
