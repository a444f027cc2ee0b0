import { importJob, ResidentId, type importResidents, type JobView, type ParsedInputOf } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Jobs, type ItemResult, type JobItem, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { sees } from '../property-scope.rules.js';
import { residentQuery } from '../resident-list/resident-filter.rules.js';
import { PropertyRepository } from '../property/property.repository.js';
import { SweepService } from '../property/sweep.service.js';
import { ResidentKeeper } from './resident-keeper.js';
import { ResidentRepository, type ResidentDoc } from './resident.repository.js';

type Result = ItemResult<{ state: ResidentDoc['state'] }>;
const mostAtOnce = 10_000;

/** From Pending Import to active, or away. */
@Injectable()
export class ImportService {
  constructor(
    private readonly jobs: Jobs,
    private readonly residents: ResidentRepository,
    private readonly properties: PropertyRepository,
    private readonly keeper: ResidentKeeper,
    private readonly sweeps: SweepService,
  ) {
    jobs.define(importJob, { run: (tx, items, job) => this.#run(tx, items, job.input.dismiss) });
  }

  async start({ selection, dismiss }: ParsedInputOf<typeof importResidents>, call: Call): Promise<JobView> {
    const ids = await this.#selected(selection, call);
    return this.jobs.start(
      call,
      importJob,
      { selection, dismiss },
      ids.map((key) => ({ key })),
    );
  }

  /** A filter nominates; whether somebody is still pending is decided when it is their turn. */
  async #selected(selection: ParsedInputOf<typeof importResidents>['selection'], call: Call): Promise<ResidentId[]> {
    const { orgId, actor } = call;
    if ('ids' in selection) {
      const found = await this.residents.find({ orgId, _id: { $in: selection.ids } }, { fields: ['propertyId'] });
      return found.filter(({ propertyId }) => sees(actor, propertyId)).map(({ _id }) => _id);
    }
    const { filter, except } = selection;
    // whoever asks for other states asks for nobody: only the pending are imported
    if (filter.state !== undefined && !filter.state.includes('pending-import')) return [];
    const query = residentQuery(orgId, actor, { ...filter, state: ['pending-import'] });
    if (query === null) return [];
    const found = await this.residents.find(query, { sort: { _id: 1 }, limit: mostAtOnce, fields: ['propertyId'] });
    const left = new Set<string>(except);
    return found.filter(({ _id }) => !left.has(_id)).map(({ _id }) => _id);
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
      const changes = some.map((before) => ({ before, after: passed(before, dismiss), entry: entryOf(dismiss) }));
      for (const doc of await this.keeper.save(tx, own, changes)) saved.set(doc._id, doc);
      const noted = own.importedOnce ? own : await this.properties.save(tx, { ...own, importedOnce: true });
      await this.sweeps.becomeAutomatic(tx, noted);
    }
    const known = new Map<string, ResidentDoc>(docs.map((doc) => [doc._id, doc]));
    return ids.map((id) => resultOf(saved.get(id), known.get(id)));
  }
}

const passed = (doc: ResidentDoc, dismiss: boolean): ResidentDoc =>
  dismiss
    ? { ...doc, state: 'archived', archivedReason: 'dismissed', staffArchived: true }
    : { ...doc, state: 'active', imported: true };

const entryOf = (dismiss: boolean) =>
  dismiss ? { what: 'dismissed', text: 'Dismissed from Pending Import.' } : { what: 'imported', text: 'Imported.' };

function resultOf(saved: ResidentDoc | undefined, known: ResidentDoc | undefined): Result {
  if (saved) return { state: 'done', outcome: { state: saved.state } };
  if (!known) return { state: 'failed', reason: { code: 'not-found', message: 'There is no such resident any more.' } };
  return {
    state: 'skipped',
    reason: { code: 'conflict.state', message: `This resident is ${known.state}, not pending.` },
  };
}
