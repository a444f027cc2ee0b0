import type { listGoLivePeople, listGoLives, OutputOf, ParsedInputOf } from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { visibleIn } from '../property-scope.rules.js';
import { GoLivePersonRepository, GoLiveRepository, toGoLive } from './go-live.repository.js';
import { GoLiveService } from './go-live.service.js';

@Injectable()
export class GoLiveListService {
  constructor(
    private readonly goLives: GoLiveRepository,
    private readonly pinned: GoLivePersonRepository,
    private readonly service: GoLiveService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(
    { propertyId, limit, cursor }: ParsedInputOf<typeof listGoLives>,
    call: Call,
  ): Promise<OutputOf<typeof listGoLives>> {
    const visible = visibleIn(call.actor, propertyId);
    if (visible === null) return { items: [], nextCursor: null };
    const filter = {
      orgId: call.orgId,
      state: { $ne: 'estimated' as const },
      ...(propertyId !== undefined && { propertyIds: propertyId }),
      // one of them that they may not see hides it, as it does when they ask for it by its id
      ...(visible !== 'all' && typeof visible !== 'string' && { propertyIds: { $not: { $elemMatch: { $nin: visible.$in } } } }),
    };
    const page = await this.goLives.page(filter, { sort: { createdAt: -1, _id: -1 }, limit, cursor });
    return { ...page, items: page.items.map((doc) => toGoLive(doc, this.clock.now())) };
  }

  async people(input: ParsedInputOf<typeof listGoLivePeople>, call: Call): Promise<OutputOf<typeof listGoLivePeople>> {
    const { goLiveId, propertyId, welcome, limit, cursor } = input;
    await this.service.visible(call, goLiveId);
    const filter = {
      orgId: call.orgId,
      goLiveId,
      ...(propertyId !== undefined && { propertyId }),
      ...(welcome !== undefined && { welcome }),
    };
    const page = await this.pinned.page(filter, { sort: { residentId: 1 }, limit, cursor });
    return {
      ...page,
      items: page.items.map((doc) => ({
        residentId: doc.residentId,
        propertyId: doc.propertyId,
        name: doc.name,
        email: doc.email,
        userTypes: doc.userTypes,
        welcome: doc.welcome,
        reason: doc.reason,
      })),
    };
  }
}
