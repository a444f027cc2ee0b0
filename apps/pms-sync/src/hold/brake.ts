import type { SyncPolicy } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { ForRun } from '../run/directory-client.js';
import { BrakeRepository } from './brake.repository.js';
import { brake, countedSince, nothingBraked, type Braked, type Removals } from './brake.rules.js';
import { HoldRepository } from './hold.repository.js';

/** Longer than any hold waits for its answer by itself. */
const rememberedMs = 30 * 86_400_000;

/** Judges the removals of a run together with those of other runs. Who may go is noted before directory is told: a crash frees nobody. */
@Injectable()
export class Brake {
  constructor(
    private readonly brakes: BrakeRepository,
    private readonly holds: HoldRepository,
    private readonly work: UnitOfWork,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async judge({ orgId, propertyId, runId }: ForRun, removals: Omit<Removals, 'recent'>, policy: SyncPolicy): Promise<Braked> {
    if (removals.unannounced.length === 0) return nothingBraked;
    return this.work.run(systemCause('pms-sync', orgId, this.ids, runId), async (tx) => {
      const was = await this.brakes.findOne({ orgId, _id: propertyId }, { tx });
      const now = new Set(removals.unannounced);
      const since = countedSince(await this.holds.newest(orgId, propertyId, tx), now, tx.now);
      // of the same people a run that was interrupted noted them before
      const others = (was?.letGo ?? []).filter(({ upstreamId }) => !now.has(upstreamId));
      const braked = brake({ ...removals, recent: others.filter(({ at }) => at >= since).length }, policy);
      if (braked.go.length === 0) return braked;
      const from = new Date(tx.now.getTime() - rememberedMs);
      const letGo = [...others.filter(({ at }) => at >= from), ...braked.go.map((upstreamId) => ({ upstreamId, at: tx.now }))];
      await (was ? this.brakes.save(tx, { ...was, letGo }) : this.brakes.insert(tx, { _id: propertyId, orgId, letGo }));
      return braked;
    });
  }
}
