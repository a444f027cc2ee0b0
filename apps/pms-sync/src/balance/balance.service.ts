import {
  type getBalance,
  type listBalances,
  type OrgId,
  type ParsedInputOf,
  type PropertyId,
  type ResidentBalance,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { assertSees, visible } from '../property-scope.rules.js';
import { SyncRunRepository } from '../run/sync-run.repository.js';
import { BalanceRepository, toBalance } from './balance.repository.js';

@Injectable()
export class BalanceService {
  constructor(
    private readonly balances: BalanceRepository,
    private readonly runs: SyncRunRepository,
  ) {}

  async list({ limit, cursor, propertyId: asked, owes }: ParsedInputOf<typeof listBalances>, { orgId, actor }: Call) {
    const propertyId = visible(actor.properties, asked);
    if (propertyId === null) return { items: [], nextCursor: null };
    const filter = { orgId, ...(propertyId !== undefined && { propertyId }), ...(owes !== undefined && { owes }) };
    const { items, nextCursor } = await this.balances.page(filter, { sort: { _id: 1 }, limit, cursor });
    const swept = await this.#sweptAt(orgId, [...new Set(items.map((doc) => doc.propertyId))]);
    return { items: items.map((doc) => toBalance(doc, swept.get(doc.propertyId) ?? null)), nextCursor };
  }

  async get({ residentId }: ParsedInputOf<typeof getBalance>, { orgId, actor }: Call): Promise<ResidentBalance> {
    const doc = await this.balances.get({ orgId, _id: residentId });
    assertSees(actor.properties, doc.propertyId);
    return toBalance(doc, (await this.#sweptAt(orgId, [doc.propertyId])).get(doc.propertyId) ?? null);
  }

  async #sweptAt(orgId: OrgId, propertyIds: readonly PropertyId[]): Promise<Map<PropertyId, Date>> {
    const newest = await Promise.all(propertyIds.map((id) => this.runs.newest(orgId, id, { complete: true })));
    return new Map(newest.flatMap((run) => (run?.fetchedAt ? [[run.propertyId, run.fetchedAt] as const] : [])));
  }
}
