import { importJob, importResidents, ResidentId, type JobView, type ParsedInputOf } from '@leasewire/contracts';
import { assertPermitted, type Call } from '@leasewire/messaging';
import {
  Jobs,
  type ItemResult,
  type JobItem,
  type JobItemSeed,
  type JobOf,
  type TenantFilter,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { visibleIn } from '../property-scope.rules.js';
import { PropertyRepository } from '../property/property.repository.js';
import { PropertyService } from '../property/property.service.js';
import { SweepService } from '../property/sweep.service.js';
import { ResidentListService } from '../resident-list/resident-list.service.js';
import { ResidentKeeper } from '../resident/resident-keeper.js';
import { ResidentRepository, type ResidentDoc } from '../resident/resident.repository.js';
import { passed } from './import.rules.js';

type ImportJob = JobOf<typeof importJob>;
type Result = ItemResult<{ state: ResidentDoc['state'] }>;
const foundAtOnce = 1000;

/** From Pending Import to active, or away: one, a selection, or all that match. */
@Injectable()
export class ImportService {
  constructor(
    private readonly jobs: Jobs,
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyRepository,
    private readonly list: ResidentListService,
    private readonly keeper: ResidentKeeper,
    private readonly sweeps: SweepService,
    private readonly owned: PropertyService,
  ) {
    jobs.define(importJob, {
      items: (job, after) => this.#nominated(job, after),
      run: (tx, items, job) => this.#run(tx, items, job.input.dismiss),
    });
  }

  async start({ selection, dismiss, propertyId }: ParsedInputOf<typeof importResidents>, call: Call): Promise<JobView> {
    // the contract asks for Residence; who imports people steers an integration too, who dismisses them manages residents
    if (!dismiss) assertPermitted({ name: importResidents.name, permission: 'accounts.integrations:full' }, call.actor);
    const properties = propertyId === undefined ? call.actor.properties : [(await this.owned.visible(call, propertyId))._id];
    return this.jobs.start(call, importJob, { selection, dismiss, properties: properties === 'all' ? 'all' : [...properties] });
  }

  /** A selection nominates, page after page; whether somebody is still pending is decided when it is their turn. */
  async *#nominated(job: ImportJob, after: string | null): AsyncGenerator<JobItemSeed> {
    let behind = after;
    const filter = await this.#selected(job);
    while (filter !== null) {
      const range = behind === null ? [] : [{ _id: { $gt: ResidentId.parse(behind) } }];
      const page = { ...filter, $and: [...(filter.$and ?? []), ...range, {}] };
      const found = await this.residents.find(page, { sort: { _id: 1 }, limit: foundAtOnce, fields: ['propertyId'] });
      for (const { _id: key } of found) yield { key };
      behind = found.at(-1)?._id ?? null;
      if (found.length < foundAtOnce) return;
    }
  }

  async #selected({ orgId, input }: ImportJob): Promise<TenantFilter<ResidentDoc> | null> {
    const { selection, properties = [] } = input;
    if ('ids' in selection) {
      const scope = visibleIn({ properties });
      return scope && { orgId, ...scope, _id: { $in: selection.ids } };
    }
    const { filter, except } = selection;
    // whoever asks for other states asks for nobody: only the pending are imported
    if (filter.state !== undefined && !filter.state.includes('pending-import')) return null;
    return this.list.selected({ orgId, properties }, { filter: { ...filter, state: ['pending-import'] }, except });
  }

  async #run(tx: Tx, items: readonly JobItem[], dismiss: boolean): Promise<Result[]> {
    const { orgId } = tx;
    const ids = items.map(({ key }) => ResidentId.parse(key));
    const docs = await this.residents.find({ orgId, _id: { $in: ids } }, { tx });
    const pending = docs.filter(({ state }) => state === 'pending-import');
    const saved = new Map<string, ResidentDoc>();
    for (const propertyId of new Set(pending.map((doc) => doc.propertyId))) {
      const own = await this.properties.get({ orgId, _id: propertyId }, { tx });
      const some = pending.filter((doc) => doc.propertyId === propertyId);
      const changes = some.map((before) => ({ before, ...passed(before, dismiss) }));
      for (const doc of await this.keeper.save(tx, own, changes)) saved.set(doc._id, doc);
      const noted = own.importedOnce ? own : await this.properties.save(tx, { ...own, importedOnce: true });
      await this.sweeps.becomeAutomatic(tx, noted);
    }
    const known = new Map<string, ResidentDoc>(docs.map((doc) => [doc._id, doc]));
    return ids.map((id) => resultOf(saved.get(id), known.get(id)));
  }
}

function resultOf(saved: ResidentDoc | undefined, known: ResidentDoc | undefined): Result {
  if (saved) return { state: 'done', outcome: { state: saved.state } };
  if (!known) return { state: 'failed', reason: { code: 'not-found', message: 'There is no such resident any more.' } };
  return {
    state: 'skipped',
    reason: { code: 'conflict.state', message: `This resident is ${known.state}, not pending.` },
  };
}
