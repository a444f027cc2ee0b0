import {
  getProperty,
  listResidents,
  listUnits,
  type OrgId,
  type Property,
  type PropertyId,
  type Resident,
  type Unit,
} from '@leasewire/contracts';
import { Assertions, RpcClient, type CallOptions, type Ids } from '@leasewire/messaging';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';

/** A page of residents with all of their occupancies fits a reply of the broker. */
const pageSize = 100;

/** Who and what a property has now, as directory shows it: what a file is read against. */
@Injectable()
export class PropertyContent {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  property(orgId: OrgId, propertyId: PropertyId): Promise<Property> {
    return this.rpc.call(getProperty, { propertyId }, this.#own(orgId));
  }

  async residents(orgId: OrgId, propertyId: PropertyId): Promise<Resident[]> {
    const all: Resident[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const asked = { propertyId, limit: pageSize, ...(cursor !== undefined && { cursor }) };
      const page = await this.residentsPage(asked, this.#own(orgId));
      all.push(...page.items);
      cursor = page.nextCursor;
    }
    return all;
  }

  async units(orgId: OrgId, propertyId: PropertyId): Promise<Unit[]> {
    const all: Unit[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const asked = { propertyId, limit: pageSize, ...(cursor !== undefined && { cursor }) };
      const page = await this.rpc.call(listUnits, asked, this.#own(orgId));
      all.push(...page.items);
      cursor = page.nextCursor;
    }
    return all;
  }

  residentsPage(asked: { propertyId: PropertyId; cursor?: string }, via: CallOptions) {
    return this.rpc.call(listResidents, { limit: pageSize, sort: 'unit', ...asked }, via);
  }

  emptyUnitsPage(asked: { propertyId: PropertyId; cursor?: string }, via: CallOptions) {
    return this.rpc.call(listUnits, { limit: 200, occupied: false, ...asked }, via);
  }

  /** In our own name: whoever may import sees what a file is held against, and no more of it. */
  #own(orgId: OrgId): CallOptions {
    return { assertion: this.assertions.forService(orgId), correlationId: this.ids.next('cor') };
  }
}
