import type { invitationReport, OutputOf, ParsedInputOf } from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccountRepository } from '../account/account.repository.js';
import { CommunityRepository } from '../community/community.repository.js';
import { assertSees, visibleIn } from '../property-scope.rules.js';
import { Funnel } from './funnel.rules.js';

@Injectable()
export class ReportService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly communities: CommunityRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async funnel({ propertyId }: ParsedInputOf<typeof invitationReport>, call: Call): Promise<OutputOf<typeof invitationReport>> {
    const { orgId, actor } = call;
    const now = this.clock.now();
    if (propertyId !== undefined) assertSees(actor, propertyId, 'property');
    const properties = visibleIn(actor, propertyId);
    if (properties === null) return { items: [], asOf: now.toISOString() };
    const found = await this.communities.find(
      { orgId, archived: false, ...(properties !== 'all' && { _id: properties }) },
      { sort: { name: 1, _id: 1 } },
    );
    const funnels = new Map(found.map((property) => [property._id, new Funnel(property, now)]));
    const all = this.accounts.stream({ orgId, 'members.propertyId': { $in: [...funnels.keys()] } }, { sort: { _id: 1 } });
    for await (const account of all) {
      for (const id of new Set(account.members.map((member) => member.propertyId))) funnels.get(id)?.add(account);
    }
    return { items: [...funnels.values()].map(({ row }) => row), asOf: now.toISOString() };
  }
}
