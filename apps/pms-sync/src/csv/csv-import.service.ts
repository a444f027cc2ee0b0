import {
  csvStarted,
  DomainError,
  CsvImport,
  type CsvImportId,
  type CsvImportSummary,
  type discardImport,
  type listImportProblems,
  type listImports,
  type listMissingPeople,
  type ParsedInputOf,
  type readFailedRows,
  type runImport,
  type SyncRun,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { SecretBox, UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { FailedRowsFile } from '../connector/csv/csv-files.rules.js';
import { assertSees, visible } from '../property-scope.rules.js';
import { RunMaker } from '../run/run-maker.js';
import { SyncRunRepository, toSyncRun, type SyncRunDoc } from '../run/sync-run.repository.js';
import { CsvChecker } from './csv-checker.js';
import { assertStartable, mayBeDiscarded, nothingToSee } from './csv-import.rules.js';
import { CsvImportRepository, previewPlace, toSummary, type CsvImportDoc } from './csv-import.repository.js';
import { CsvPartRepository, failed, missing, type PartKind } from './csv-part.repository.js';
import { FedByFiles } from './fed-by-files.js';
import { PropertyContent } from './property-content.js';

const Preview = CsvImport.pick({ sample: true, problems: true, missingPeople: true, warnings: true });

/** What staff do with a file that was checked. */
@Injectable()
export class CsvImportService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly imports: CsvImportRepository,
    private readonly parts: CsvPartRepository,
    private readonly runs: SyncRunRepository,
    private readonly maker: RunMaker,
    private readonly fed: FedByFiles,
    private readonly content: PropertyContent,
    private readonly checker: CsvChecker,
    private readonly box: SecretBox,
  ) {}

  async list({ limit, cursor, propertyId: asked }: ParsedInputOf<typeof listImports>, { orgId, actor }: Call) {
    const propertyId = visible(actor.properties, asked);
    if (propertyId === null) return { items: [], nextCursor: null };
    const filter = { orgId, ...(propertyId !== undefined && { propertyId }) };
    const { items, nextCursor } = await this.imports.page(filter, { sort: { _id: -1 }, limit, cursor });
    const found = await this.runs.find({ orgId, _id: { $in: items.flatMap(({ runId }) => runId ?? []) } });
    const runs = new Map(found.map((run) => [run._id, run.state]));
    return { items: items.map((doc) => toSummary(doc, (doc.runId && runs.get(doc.runId)) ?? null)), nextCursor };
  }

  async get(importId: CsvImportId, call: Call): Promise<CsvImport> {
    const doc = await this.#seen(importId, call);
    const run = await this.#runOf(doc);
    const preview =
      doc.preview === null ? nothingToSee : Preview.parse(JSON.parse(this.box.open(doc.preview, previewPlace(doc.orgId))));
    return { ...toSummary(doc, run?.state ?? null), ...preview };
  }

  async problems({ importId, ...page }: ParsedInputOf<typeof listImportProblems>, call: Call) {
    const { items, nextCursor } = await this.#page(await this.#seen(importId, call), failed, page);
    return { items: items.flatMap(({ problems }) => problems), nextCursor };
  }

  async missing({ importId, ...page }: ParsedInputOf<typeof listMissingPeople>, call: Call) {
    return this.#page(await this.#seen(importId, call), missing, page);
  }

  async failedRows({ importId, next }: ParsedInputOf<typeof readFailedRows>, call: Call) {
    const doc = await this.#seen(importId, call);
    if (doc.state !== 'checked')
      throw new DomainError('conflict.state', 'There is nothing of this file to download: it is not checked, or was deleted.', {
        state: doc.state,
      });
    const at = placeIn(next);
    const file = new FailedRowsFile(doc.headers);
    const rows = await this.parts.get(doc, failed, at);
    const more = rows === null ? null : await this.parts.get(doc, failed, at + 1);
    return { text: (at === 0 ? file.head() : '') + file.rows(rows ?? []), next: more === null ? null : String(at + 1) };
  }

  /** A second click gets the run that was begun by the first. */
  async run({ importId, removeMissing }: ParsedInputOf<typeof runImport>, call: Call): Promise<SyncRun> {
    const { orgId, actor } = call;
    const { propertyId } = await this.#seen(importId, call);
    const property = await this.content.property(orgId, propertyId);
    return this.work.run(call, async (tx) => {
      const doc = await this.imports.get({ orgId, _id: importId }, { tx });
      const before = await this.#runOf(doc, tx);
      if (before?.active === true && doc.removeMissing === removeMissing) return toSyncRun(before);
      const last = await this.imports.lastStarted(orgId, propertyId, tx);
      const { state, people, mayRemove, createdAt: uploadedAt } = doc;
      const lastImportedAt = last === null || last._id === doc._id ? null : last.startedAt;
      assertStartable({ state, people, mayRemove, uploadedAt, lastImportedAt, run: before?.state ?? null }, removeMissing);
      const fed = await this.fed.feed(tx, property);
      const about = { scope: 'csv', cause: 'csv', startedBy: actor.ref, importId, removeMissing } as const;
      const { run, joined } = await this.maker.queue(tx, { property: fed, ...about });
      if (joined)
        throw new DomainError('conflict.state', 'Another file is being imported into this property. Wait until it is done.', {
          runId: run._id,
        });
      const saved = await this.imports.save(tx, { ...doc, runId: run._id, removeMissing, startedAt: tx.now });
      tx.publish(csvStarted, { csvImport: toSummary(saved, run.state) }, saved);
      return toSyncRun(run);
    });
  }

  async discard({ importId }: ParsedInputOf<typeof discardImport>, call: Call): Promise<CsvImportSummary> {
    await this.#seen(importId, call);
    return this.work.run(call, async (tx) => {
      const doc = await this.imports.get({ orgId: call.orgId, _id: importId }, { tx });
      const run = await this.#runOf(doc, tx);
      if (!mayBeDiscarded(doc.state, run?.state ?? null))
        throw new DomainError('conflict.state', 'This file is being imported, or is deleted already.', { state: doc.state });
      return toSummary(await this.checker.delete(tx, doc, 'discarded'), run?.state ?? null);
    });
  }

  /** A page begins where the one before ended: in a part, at one of its items. */
  async #page<T>(doc: CsvImportDoc, kind: PartKind<T>, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
    let [at, from] = positionIn(cursor);
    const items: T[] = [];
    for (;;) {
      const part = await this.parts.get(doc, kind, at);
      if (part === null) return { items, nextCursor: null };
      const some = part.slice(from, from + limit - items.length);
      items.push(...some);
      from += some.length;
      if (from >= part.length) [at, from] = [at + 1, 0];
      if (items.length >= limit) return { items, nextCursor: `${at}.${from}` };
    }
  }

  #runOf({ orgId, runId }: CsvImportDoc, tx?: Tx): Promise<SyncRunDoc | null> {
    return runId === null ? Promise.resolve(null) : this.runs.findOne({ orgId, _id: runId }, tx && { tx });
  }

  async #seen(_id: CsvImportId, { orgId, actor }: Call): Promise<CsvImportDoc> {
    const doc = await this.imports.get({ orgId, _id });
    assertSees(actor.properties, doc.propertyId);
    return doc;
  }
}

function positionIn(cursor: string | undefined): [number, number] {
  if (cursor === undefined) return [0, 0];
  const [, at, from] = /^(\d{1,6})\.(\d{1,6})$/.exec(cursor) ?? [];
  if (at === undefined || from === undefined)
    throw new DomainError('cursor.invalid', 'This is no cursor of this list. Begin again without one.');
  return [Number(at), Number(from)];
}

const placeIn = (next: string | undefined): number => (next !== undefined && /^\d{1,6}$/.test(next) ? Number(next) : 0);
