import type { Ids } from '@leasewire/messaging';
import { dueAt, systemCause, UnitOfWork } from '@leasewire/persistence';
import { Background, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ConnectionRepository } from '../connection/connection.repository.js';
import { policyOf } from '../connection/policy.rules.js';
import { SyncedPropertyRepository, type SyncedPropertyDoc } from '../connection/synced-property.repository.js';
import { RunMaker } from '../run/run-maker.js';
import { jitterOf, nextSweepAt } from './schedule.rules.js';

/** Queues the sweeps whose time has come. How many run at once is the runner's to say, so what an outage left is no storm. */
@Injectable()
export class Scheduler {
  constructor(
    private readonly properties: SyncedPropertyRepository,
    private readonly connections: ConnectionRepository,
    private readonly runs: RunMaker,
    private readonly work: UnitOfWork,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.claimer<SyncedPropertyDoc>('sweep-schedule', {
      repository: properties,
      handle: (doc) => this.#queue(doc),
      onGiveUp: (doc) => this.#queue(doc),
    });
  }

  async #queue({ orgId, _id }: SyncedPropertyDoc): Promise<void> {
    await this.work.run(systemCause('pms-sync', orgId, this.ids), async (tx) => {
      const property = await this.properties.findOne({ orgId, _id }, { tx });
      if (!property || !property.due || property.due.at > tx.now) return;
      const next = nextSweepAt(policyOf(property), property.timeZone, tx.now, jitterOf(_id));
      await this.properties.save(tx, { ...property, due: dueAt(next) });
      const connection = await this.connections.findOne({ orgId, _id: property.connectionId }, { tx });
      if (connection?.state !== 'active') return;
      await this.runs.queue(tx, { property, scope: 'sweep', cause: 'schedule', startedBy: 'service:pms-sync' });
    });
  }
}
