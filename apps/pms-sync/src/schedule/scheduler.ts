import { dueAt, type Tx } from '@leasewire/persistence';
import { Background } from '@leasewire/service-kit';
import { Injectable } from '@nestjs/common';
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
    background: Background,
  ) {
    background.claimer<SyncedPropertyDoc>('sweep-schedule', {
      repository: properties,
      handle: (tx, docs) => Promise.all(docs.map((property) => this.#queue(tx, property))),
      maxAttempts: Infinity, // or the property would not be swept any more
      onGiveUp: () => Promise.resolve(),
    });
  }

  async #queue(tx: Tx, property: SyncedPropertyDoc): Promise<void> {
    const { orgId, _id, connectionId } = property;
    const next = nextSweepAt(policyOf(property), property.timeZone, tx.now, jitterOf(_id));
    await this.properties.save(tx, { ...property, due: dueAt(next) });
    const connection = await this.connections.findOne({ orgId, _id: connectionId }, { tx });
    if (connection?.state !== 'active') return;
    await this.runs.queue(tx, { property, scope: 'sweep', cause: 'schedule', startedBy: 'service:pms-sync' });
  }
}
