import {
  auditExported,
  auditExportJob,
  DomainError,
  type JobId,
  type JobView,
  type OutputOf,
  type ParsedInputOf,
  type readAuditExport,
  type startAuditExport,
} from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { Jobs, UnitOfWork, type ItemResult, type JobItem, type JobItemSeed, type JobOf, type Tx } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ChainRepository } from '../chain/chain.repository.js';
import { EntryRepository } from '../chain/entry.repository.js';
import { EntriesService } from '../entries/entries.service.js';
import { csvHeader, lineOf, partsOf } from './export.rules.js';
import { ExportRepository } from './export.repository.js';

/** Sequences that one item looks at: what it finds is held in memory, and written in one transaction. */
const stretch = 2_000;
const keptMs = 86_400_000;

type ExportJob = JobOf<typeof auditExportJob>;

/** An export is a job over stretches of the chain; each writes what matches into parts that can be read for a day. */
@Injectable()
export class ExportService {
  constructor(
    private readonly jobs: Jobs,
    private readonly exports: ExportRepository,
    private readonly entries: EntryRepository,
    private readonly service: EntriesService,
    private readonly chains: ChainRepository,
    private readonly work: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    jobs.define(auditExportJob, {
      chunk: 1,
      items: (job, after) => this.#stretches(job, after),
      run: async (tx, items, job) => {
        const results: ItemResult<{ entries: number }>[] = [];
        for (const item of items) results.push({ state: 'done', outcome: await this.#write(tx, job, item) });
        return results;
      },
      onFinished: (tx, job) => this.#finished(tx, job),
    });
  }

  start(call: Call, input: ParsedInputOf<typeof startAuditExport>): Promise<OutputOf<typeof startAuditExport>> {
    const { orgId, actor } = call;
    return this.work.run(call, async (tx) => {
      const { id } = await this.jobs.begin(tx, auditExportJob, input);
      const expiresAt = new Date(tx.now.getTime() + keptMs);
      const who = { actor: actor.ref, properties: actor.properties === 'all' ? actor.properties : [...actor.properties] };
      await this.exports.insert(tx, { _id: id, orgId, ...input, ...who, entries: 0, parts: 0, expiresAt });
      return { jobId: id };
    });
  }

  async read(call: Call, jobId: JobId, part: number): Promise<OutputOf<typeof readAuditExport>> {
    const { orgId } = call;
    const job = await this.jobs.get(call, jobId);
    const found = await this.exports.find(orgId, jobId);
    if (!found || found.expiresAt < this.clock.now()) throw gone(jobId);
    if (job.state !== 'done')
      throw new DomainError('conflict.state', `The export is ${job.state}; read it when its job is done.`, { state: job.state });
    if (job.counts.failed > 0)
      throw new DomainError('conflict.state', 'Some of the export failed, so it is not whole. Retry what failed, then read it.', {
        failed: job.counts.failed,
      });
    const parts = Math.max(1, found.parts);
    const content = part < found.parts ? await this.exports.part(orgId, jobId, part) : part === 0 ? '' : null;
    if (content === null)
      throw part < parts
        ? gone(jobId)
        : new DomainError('not-found', `This export has ${parts} parts, numbered from 0.`, { parts });
    const header = part === 0 && found.format === 'csv' ? csvHeader : '';
    return { part, parts, format: found.format, content: header + content, expiresAt: found.expiresAt.toISOString() };
  }

  async *#stretches(job: ExportJob, after: string | null): AsyncGenerator<JobItemSeed> {
    const chain = await this.chains.find(job.orgId);
    if (!chain) return;
    const first = after === null ? (chain.anchor?.seq ?? 0) + 1 : Number(after) + stretch;
    for (let from = first; from <= chain.seq; from += stretch) yield { key: String(from) };
  }

  async #write(tx: Tx, { id, orgId }: ExportJob, { key }: JobItem): Promise<{ entries: number }> {
    const found = await this.exports.find(orgId, id, tx);
    if (!found) throw gone(id);
    const from = Number(key);
    const filter = await this.service.filterFor(orgId, found.filter, { ref: found.actor, properties: found.properties });
    const docs = filter ? await this.entries.inStretch(filter, from, from + stretch) : [];
    const opened = await this.service.open(orgId, docs);
    await this.exports.addParts(tx, found, from, partsOf(opened.map((entry) => lineOf(entry, found.format))));
    return { entries: opened.length };
  }

  async #finished(tx: Tx, { id: jobId, orgId, state, counts }: JobView): Promise<void> {
    const found = await this.exports.find(orgId, jobId, tx);
    if (!found || state !== 'done' || counts.failed > 0) return;
    const totals = await this.exports.totals(tx, orgId, jobId);
    const saved = await this.exports.save(tx, { ...found, ...totals });
    const { format } = found;
    tx.publish(
      auditExported,
      { jobId, entries: totals.entries, format, at: tx.now.toISOString() },
      { _id: jobId, version: saved.version },
    );
  }
}

const gone = (id: JobId): DomainError =>
  new DomainError(
    'not-found',
    `The export ${id} is not kept any more; exports are kept for a day, and until somebody is erased. Start it again.`,
  );
