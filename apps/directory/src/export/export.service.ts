import {
  DomainError,
  exportJob,
  ResidentId,
  UnitId,
  type JobId,
  type JobView,
  type OutputOf,
  type ParsedInputOf,
  type PropertyScope,
  type readExport,
  type startExport,
} from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { Jobs, UnitOfWork, type ItemResult, type JobItem, type JobItemSeed, type JobOf, type Tx } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ResidentListService } from '../resident-list/resident-list.service.js';
import { ResidentRepository } from '../resident/resident.repository.js';
import { UnitListService } from '../unit-list/unit-list.service.js';
import { UnitRepository } from '../unit/unit.repository.js';
import { headerOf, residentLine, unitLine } from './csv.rules.js';
import { ExportRepository } from './export.repository.js';

/** Rows of one part: the longest fit a reply of the broker. */
const partRows = 200;
const keptMs = 86_400_000;

type ExportJob = JobOf<typeof exportJob>;
interface Range {
  readonly behind: string | null;
  readonly upTo?: string;
}
const Behind = z.string().nullable();

/** A job over stretches of ids. Each holds, when its turn comes, those that match then; parts can be read for a day. */
@Injectable()
export class ExportService {
  constructor(
    private readonly jobs: Jobs,
    private readonly exports: ExportRepository,
    private readonly residents: ResidentRepository,
    private readonly units: UnitRepository,
    private readonly residentList: ResidentListService,
    private readonly unitList: UnitListService,
    private readonly work: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    jobs.define(exportJob, {
      chunk: 1,
      items: (job, after) => this.#stretches(job, after),
      run: async (tx, items, job) => {
        const results: ItemResult<{ rows: number }>[] = [];
        for (const item of items) results.push({ state: 'done', outcome: await this.#write(tx, job, item) });
        return results;
      },
    });
  }

  start(input: ParsedInputOf<typeof startExport>, call: Call): Promise<JobView> {
    const { orgId, actor } = call;
    return this.work.run(call, async (tx) => {
      const job = await this.jobs.begin(tx, exportJob, input);
      const properties = actor.properties === 'all' ? actor.properties : [...actor.properties];
      await this.exports.insert(tx, {
        _id: job.id,
        orgId,
        what: input.what,
        properties,
        expiresAt: new Date(tx.now.getTime() + keptMs),
      });
      return job;
    });
  }

  async read({ jobId, part }: ParsedInputOf<typeof readExport>, call: Call): Promise<OutputOf<typeof readExport>> {
    const { orgId } = call;
    const job = await this.jobs.get(call, jobId);
    const found = await this.exports.find(orgId, jobId);
    if (!found || found.expiresAt < this.clock.now()) throw gone(jobId);
    if (job.state !== 'done' || job.counts.failed > 0)
      throw new DomainError('conflict.state', 'The export is not whole yet, or some of it failed; look at its job.', {
        state: job.state,
        failed: job.counts.failed,
      });
    const parts = await this.exports.countParts(orgId, jobId);
    const text = parts === 0 && part === 0 ? '' : await this.exports.part(orgId, jobId, part);
    if (text === null) throw new DomainError('not-found', `This export has ${parts} parts, numbered from 0.`, { parts });
    return { text: part === 0 ? headerOf(found.what) + text : text, last: part >= parts - 1 };
  }

  async *#stretches(job: ExportJob, after: string | null): AsyncGenerator<JobItemSeed> {
    const found = await this.exports.find(job.orgId, job.id);
    if (!found) return;
    let behind = after;
    for (;;) {
      const ids = await this.#ids(job, found.properties, behind);
      const key = ids.at(-1);
      if (key === undefined) return;
      yield { key, data: behind };
      behind = key;
    }
  }

  async #ids(job: ExportJob, properties: PropertyScope, behind: string | null): Promise<string[]> {
    const found = await this.#find(job, properties, { behind });
    return found.map(({ _id }) => _id);
  }

  async #write(tx: Tx, job: ExportJob, { key, data }: JobItem): Promise<{ rows: number }> {
    const found = await this.exports.find(job.orgId, job.id, tx);
    if (!found) throw gone(job.id);
    const behind = Behind.parse(data ?? null);
    const rows = await this.#find(job, found.properties, { behind, upTo: key });
    await this.exports.addPart(tx, found, key, rows.map(({ line }) => line).join(''));
    return { rows: rows.length };
  }

  async #find({ orgId, input }: ExportJob, properties: PropertyScope, range: Range) {
    const options = { sort: { _id: 1 }, limit: partRows } as const;
    if (input.what === 'residents') {
      const filter = await this.residentList.matching({ orgId, properties }, input.filter);
      const docs =
        filter === null
          ? []
          : await this.residents.find({ ...filter, $and: [...(filter.$and ?? []), within(range, ResidentId)] }, options);
      const shown = await this.residentList.shown({ orgId }, docs);
      return shown.map((resident) => ({ _id: resident.id, line: residentLine(resident) }));
    }
    const filter = await this.unitList.matching({ orgId, properties }, input.units ?? unitsOf(input.filter));
    const ranged = filter && { ...filter, $and: [...(filter.$and ?? []), within(range, UnitId)] };
    const docs = ranged === null ? [] : await this.units.find(ranged, options);
    const shown = await this.unitList.shown({ orgId }, docs);
    return shown.map((unit) => ({ _id: unit.id, line: unitLine(unit) }));
  }
}

/** The columns that both lists have. */
const unitsOf = ({ propertyId, building, search }: ExportJob['input']['filter']) => ({
  ...(propertyId !== undefined && { propertyId }),
  ...(building !== undefined && { building }),
  ...(search !== undefined && { search }),
});

function within<I extends string>({ behind, upTo }: Range, id: z.ZodType<I>): { _id?: { $gt?: I; $lte?: I } } {
  if (behind === null && upTo === undefined) return {};
  return { _id: { ...(behind !== null && { $gt: id.parse(behind) }), ...(upTo !== undefined && { $lte: id.parse(upTo) }) } };
}

const gone = (id: JobId): DomainError =>
  new DomainError('not-found', `The export ${id} is not kept any more; exports are kept for a day. Start it again.`);
