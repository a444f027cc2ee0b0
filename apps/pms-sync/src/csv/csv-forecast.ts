import type { Property } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { policyOf } from '../connection/policy.rules.js';
import { SyncedPropertyRepository } from '../connection/synced-property.repository.js';
import type { CsvPerson } from '../connector/csv/csv-people.rules.js';
import { DirectoryClient } from '../run/directory-client.js';
import { leftOutBy } from '../run/record.rules.js';
import { chunksOf } from '../run/run.rules.js';
import { UpstreamRecordRepository } from '../run/upstream-record.repository.js';
import type { CsvImportDoc } from './csv-import.repository.js';

const together = 100;

export interface Forecast {
  /** Who would be in the property and is not yet. */
  readonly comes: ReadonlySet<string>;
  /** Who would not be taken over, and why. */
  readonly skipped: ReadonlyMap<string, string>;
}

/** What importing newcomers would come to, by the rules that will decide it: the policy of the property, then directory. */
@Injectable()
export class CsvForecast {
  constructor(
    private readonly properties: SyncedPropertyRepository,
    private readonly records: UpstreamRecordRepository,
    private readonly directory: DirectoryClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async of({ orgId, propertyId }: CsvImportDoc, { kind }: Property, people: readonly CsvPerson[]): Promise<Forecast> {
    const its = await this.properties.findOne({ orgId, _id: propertyId });
    const policy = policyOf(its ?? { kind, policyChanges: {} });
    const asked = { orgId, propertyId, runId: this.ids.next('run'), attempt: 1, fetchedAt: this.clock.now() };
    const comes = new Set<string>();
    const skipped = new Map<string, string>();
    for (const some of chunksOf(people, together)) {
      const ids = some.map(({ person }) => person.upstreamId);
      const records = await this.records.of(orgId, propertyId, ids);
      const present = some.flatMap(({ person }) => {
        const why = leftOutBy(policy, person, records.get(person.upstreamId));
        if (why) skipped.set(person.upstreamId, why.message);
        return why ? [] : [person];
      });
      if (present.length === 0) continue;
      const { outcomes } = await this.directory.plan(asked, { scope: 'sweep', present });
      for (const { upstreamId, decision, outcome, reason } of outcomes)
        if (decision === 'register') comes.add(upstreamId);
        else if (outcome === 'skipped') skipped.set(upstreamId, reason?.message ?? 'Directory would not take them over.');
    }
    return { comes, skipped };
  }
}
