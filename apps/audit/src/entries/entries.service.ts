import { DomainError, type AuditEntry, type AuditEntryId, type OrgId } from '@leasewire/contracts';
import type { Actor } from '@leasewire/messaging';
import type { Page, TenantFilter } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { ChainRepository } from '../chain/chain.repository.js';
import { EntryRepository, type EntryDoc } from '../chain/entry.repository.js';
import { Sealer } from '../chain/sealer.js';
import { Terms } from '../record/terms.js';
import { entriesAsked, visibleTo, type Asked } from './entry-filter.rules.js';
import { cursorAfter, positionOf } from './entry-cursor.rules.js';
import { entryView } from './entry-view.rules.js';

/** A reply of the broker holds a megabyte; what is around the entries fits in the rest. */
const mostBytes = 700_000;

export interface PageAsked extends Asked {
  readonly sort: 'at' | '-at';
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly withTotal: boolean;
}

@Injectable()
export class EntriesService {
  constructor(
    private readonly entries: EntryRepository,
    private readonly chains: ChainRepository,
    private readonly sealer: Sealer,
  ) {}

  /** Fewer than asked for when they are large; the cursor goes on after the last one there is. */
  async list(orgId: OrgId, { sort, limit, cursor, withTotal, ...asked }: PageAsked, who: Actor): Promise<Page<AuditEntry>> {
    const filter = await this.filterFor(orgId, asked, who);
    if (filter === null) return { items: [], nextCursor: null, ...(withTotal && { total: 0 }) };
    const question = { orgId, sort, ...asked };
    const position = cursor === undefined ? null : positionOf(question, cursor);
    const [docs, total] = await Promise.all([
      this.entries.after(filter, sort === 'at' ? 1 : -1, position, limit + 1),
      withTotal ? this.entries.count(filter) : undefined,
    ]);
    const opened = await this.open(orgId, docs.slice(0, limit));
    const items = opened.slice(0, fittingInto(mostBytes, opened));
    const last = docs[items.length - 1];
    const nextCursor = last && docs.length > items.length ? cursorAfter(question, last) : null;
    return { items, nextCursor, ...(total !== undefined && { total }) };
  }

  async get(orgId: OrgId, id: AuditEntryId, who: Actor): Promise<AuditEntry> {
    const doc = await this.entries.find({ orgId, _id: id, ...visibleTo(who) });
    const [entry] = doc ? await this.open(orgId, [doc]) : [];
    if (!entry) throw new DomainError('not-found', `There is no audit entry ${id}, or you may not see it.`);
    return entry;
  }

  /** Null where nothing can match. */
  async filterFor(orgId: OrgId, asked: Asked, who: Pick<Actor, 'ref' | 'properties'>): Promise<TenantFilter<EntryDoc> | null> {
    if (asked.text === undefined) return entriesAsked(orgId, asked, who, () => '');
    const chain = await this.chains.find(orgId);
    if (!chain) return null;
    const terms = new Terms(this.chains.searchKeyOf(chain));
    return entriesAsked(orgId, asked, who, (word) => terms.of(word));
  }

  async open(orgId: OrgId, docs: readonly EntryDoc[]): Promise<AuditEntry[]> {
    const keys = await this.sealer.toOpen(orgId, docs);
    return docs.map((doc) => entryView(doc, keys.open(doc)));
  }
}

/** How many of the first fit; at least one, so that a page always gets on. */
export function fittingInto(bytes: number, items: readonly unknown[]): number {
  let left = bytes;
  const over = items.findIndex((item) => (left -= Buffer.byteLength(JSON.stringify(item))) < 0);
  return over === -1 ? items.length : Math.max(1, over);
}
