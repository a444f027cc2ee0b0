import { isNewer, syncPolicyChanged, type Fact, type propertyChanged } from '@leasewire/contracts';
import { dueAt, UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { jitterOf, nextSweepAt } from '../schedule/schedule.rules.js';
import { ConnectionViews } from './connection-views.js';
import { policyOf } from './policy.rules.js';
import { SyncedPropertyRepository } from './synced-property.repository.js';

/** What sweeps go by of a property is directory's: staff may put right what was guessed when it was adopted. */
@Injectable()
export class PropertyFacts {
  constructor(
    private readonly work: UnitOfWork,
    private readonly properties: SyncedPropertyRepository,
    private readonly views: ConnectionViews,
  ) {}

  async hear(fact: Fact<typeof propertyChanged>): Promise<void> {
    const { id: _id, name, timeZone, country, currency } = fact.data.property;
    await this.work.run(fact, async (tx) => {
      const was = await this.properties.findOne({ orgId: fact.orgId, _id }, { tx });
      if (!was || !isNewer(fact.version, was.told)) return;
      const { epoch, version } = fact.version;
      const next = nextSweepAt(policyOf(was), timeZone, tx.now, jitterOf(_id));
      const isElsewhere = was.due !== undefined && timeZone !== was.timeZone;
      const doc = await this.properties.save(tx, {
        ...{ ...was, name, timeZone, country, currency, told: { epoch, version } },
        ...(isElsewhere && { due: dueAt(next) }),
      });
      if (name === was.name && timeZone === was.timeZone) return;
      tx.publish(syncPolicyChanged, { syncedProperty: await this.views.property(doc) }, { ...doc, propertyId: _id });
    });
  }
}
