import type { OutputOf, ParsedInputOf, previewSyncPolicy } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { CLOCK } from '@leasewire/service-kit';
import type { Clock } from '@leasewire/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { assertSees } from '../property-scope.rules.js';
import { effectOf } from '../run/record.rules.js';
import { UpstreamRecordRepository } from '../run/upstream-record.repository.js';
import { jitterOf, nextSweepAt } from '../schedule/schedule.rules.js';
import { ConnectionRepository } from './connection.repository.js';
import { changedPolicy, policyOf } from './policy.rules.js';
import { SyncedPropertyRepository } from './synced-property.repository.js';

type Preview = OutputOf<typeof previewSyncPolicy>;
const shown = 100;

/** What another policy would mean for the people whom sweeps have seen. Nothing is fetched, nothing is written. */
@Injectable()
export class PolicyPreview {
  constructor(
    private readonly properties: SyncedPropertyRepository,
    private readonly connections: ConnectionRepository,
    private readonly records: UpstreamRecordRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async preview({ propertyId: _id, policy: asked }: ParsedInputOf<typeof previewSyncPolicy>, call: Call): Promise<Preview> {
    const { orgId, actor } = call;
    assertSees(actor.properties, _id);
    const property = await this.properties.get({ orgId, _id });
    const connection = await this.connections.get({ orgId, _id: property.connectionId });
    const policy = policyOf({ ...property, policyChanges: changedPolicy(property, asked) });
    const comes: Preview['comes'] = { count: 0, people: [] };
    const stays: Preview['stays'] = { count: 0, people: [] };
    for await (const record of this.records.stream({ orgId, propertyId: _id }, { sort: { upstreamId: 1 } })) {
      const effect = effectOf(record, policyOf(property), policy);
      if (effect === null) continue;
      const affected = effect === 'comes' ? comes : stays;
      affected.count += 1;
      const { upstreamId, residentId, name, unit } = record;
      if (affected.people.length < shown) affected.people.push({ upstreamId, residentId, name, unit });
    }
    const next = nextSweepAt(policy, property.timeZone, this.clock.now(), jitterOf(_id));
    return { policy, nextRunAt: connection.pms === 'csv' ? null : next.toISOString(), comes, stays };
  }
}
