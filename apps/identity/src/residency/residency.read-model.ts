import { Resident, type directorySnapshot, type OutputOf } from '@leasewire/contracts';
import type { Ids, ReadModel, SnapshotItem } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ResidencyService } from './residency.service.js';

type Data = OutputOf<typeof directorySnapshot>['items'][number]['data'];

/** Residencies as directory has them: for an identity that begins when events of theirs are long gone. */
@Injectable()
export class ResidencyReadModel implements ReadModel<Data> {
  constructor(
    private readonly work: UnitOfWork,
    private readonly residencies: ResidencyService,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async apply(items: readonly SnapshotItem<Data>[]): Promise<void> {
    for (const { entity, orgId, data, epoch, version } of items)
      if (entity === 'resident')
        await this.work.run(systemCause('identity', orgId, this.ids), (tx) =>
          this.residencies.take(tx, Resident.parse(data), { epoch, version }),
        );
  }
}
