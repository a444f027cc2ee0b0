import { Property, Resident, type directorySnapshot, type OutputOf } from '@leasewire/contracts';
import type { Ids, ReadModel, SnapshotItem } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccountFeed } from '../account/account-feed.js';
import { Communities } from '../community/communities.js';

type Data = OutputOf<typeof directorySnapshot>['items'][number]['data'];

/** People and properties as directory has them. What a rebuild reads is old news: nobody is invited by it. */
@Injectable()
export class PeopleReadModel implements ReadModel<Data> {
  constructor(
    private readonly work: UnitOfWork,
    private readonly communities: Communities,
    private readonly feed: AccountFeed,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async apply(items: readonly SnapshotItem<Data>[]): Promise<void> {
    for (const item of items) await this.#one(item);
  }

  async #one({ entity, orgId, data, epoch, version }: SnapshotItem<Data>): Promise<void> {
    const cause = systemCause('onboarding', orgId, this.ids);
    if (entity === 'property') {
      const property = Property.parse(data);
      await this.work.run(cause, (tx) => this.communities.keep(tx, property, { epoch, version }));
    }
    if (entity === 'resident') {
      const told = { resident: Resident.parse(data), version: { epoch, version }, imported: false };
      await this.work.run(cause, (tx) => this.feed.apply(tx, told, { quietly: true }));
    }
  }
}
