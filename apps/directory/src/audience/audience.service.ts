import type { OutputOf, ParsedInputOf, PropertyScope, resolveAudience } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import type { TenantFilter } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { ResidentListService } from '../resident-list/resident-list.service.js';
import { ResidentRepository, type ResidentDoc } from '../resident/resident.repository.js';
import { memberOf, namedQuery } from './audience.rules.js';

type Asked = ParsedInputOf<typeof resolveAudience>;

@Injectable()
export class AudienceService {
  constructor(
    private readonly residents: ResidentRepository,
    private readonly list: ResidentListService,
  ) {}

  async resolve({ selection, properties, limit, cursor }: Asked, { orgId }: Call): Promise<OutputOf<typeof resolveAudience>> {
    const filter = await this.#named(orgId, selection, properties);
    if (filter === null) return { items: [], nextCursor: null };
    const page = await this.residents.page(filter, { sort: { _id: 1 }, limit, cursor, asked: [selection, properties] });
    return { items: page.items.map(memberOf), nextCursor: page.nextCursor };
  }

  async #named(
    orgId: Call['orgId'],
    selection: Asked['selection'],
    properties: PropertyScope,
  ): Promise<TenantFilter<ResidentDoc> | null> {
    if ('filter' in selection) return this.list.selected({ orgId, properties }, selection);
    const query = namedQuery(selection, properties);
    return query && { orgId, ...query };
  }
}
