import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { csvChecked, csvDeleted } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { dueAt, SecretBox, systemCause, UnitOfWork, type DueClaimer, type Tx } from '@leasewire/persistence';
import { Background, CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { decodeCsv, type Decoded } from '../connector/csv/csv-encoding.rules.js';
import { knownPersonOf } from '../connector/csv/csv-known.rules.js';
import { CsvReading } from '../connector/csv/csv-people.rules.js';
import { chunksOf } from '../run/run.rules.js';
import { SyncRunRepository } from '../run/sync-run.repository.js';
import { CsvForecast, type Forecast } from './csv-forecast.js';
import { chunksBySize, missingPerson, previewOf } from './csv-import.rules.js';
import { CsvImportRepository, previewPlace, toSummary, type CsvImportDoc } from './csv-import.repository.js';
import { CsvPartRepository, failed, missing, people, units, uploads, type PartKind } from './csv-part.repository.js';
import { PropertyContent } from './property-content.js';

/** What is known of a file stays so long; what was in it goes when it expires. */
const remembersMs = 90 * 86_400_000;
/** Of a transaction. */
const chunksAtOnce = 20;
/** Others are answered between these. */
const rowsAtOnce = 250;

interface Found {
  readonly bytes: Buffer;
  readonly decoded: Decoded;
  readonly forecast: Forecast;
}

/** What has its time in the life of a file: its check, the end of what was uploaded, the end of its row. */
@Injectable()
export class CsvChecker {
  readonly #claimer: DueClaimer<CsvImportDoc>;

  constructor(
    private readonly imports: CsvImportRepository,
    private readonly parts: CsvPartRepository,
    private readonly runs: SyncRunRepository,
    private readonly content: PropertyContent,
    private readonly forecast: CsvForecast,
    private readonly work: UnitOfWork,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    this.#claimer = background.claimer<CsvImportDoc>('csv-imports', {
      repository: imports,
      concurrency: 2,
      handleAlone: (doc) => (doc.state === 'checking' ? this.#check(doc) : this.#end(doc)),
      onGiveUp: (doc) =>
        this.#refuse(doc, { code: 'internal', message: 'The file could not be checked, by a fault of ours. Upload it again.' }),
    });
  }

  wake(): void {
    this.#claimer.wake();
  }

  /** Begun again after an interruption, it finds what it found. */
  async #check(doc: CsvImportDoc): Promise<void> {
    const { orgId, propertyId } = doc;
    const bytes = await this.#bytesOf(doc);
    const decoded = decodeCsv(bytes);
    const [property, residents, known] = await Promise.all([
      this.content.property(orgId, propertyId),
      this.content.residents(orgId, propertyId),
      this.content.units(orgId, propertyId),
    ]);
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: property.timeZone, dateStyle: 'short' }).format(this.clock.now());
    const { kind, country } = property;
    const reading = CsvReading.of(decoded.text, { kind, country, today, units: known, people: residents.map(knownPersonOf) });
    if ('unreadable' in reading) {
      await this.#refuse(doc, { code: 'unreadable', message: reading.unreadable });
      return;
    }
    for (const some of chunksOf(reading.rows, rowsAtOnce)) {
      reading.read(some);
      await breathe();
    }
    await this.#keep(doc, reading);
    const newcomers = [...reading.people.values()].filter(({ isKnown }) => !isKnown);
    const forecast = await this.forecast.of(doc, property, newcomers);
    await this.#checked(doc, reading, { bytes, decoded, forecast });
  }

  async #keep(doc: CsvImportDoc, reading: CsvReading): Promise<void> {
    await this.#change(doc, (tx) => this.parts.remove(tx, doc, 'found'));
    await this.#put(
      doc,
      people,
      [...reading.people.values()].map(({ person }) => person),
    );
    await this.#put(doc, units, reading.units);
    await this.#put(doc, missing, reading.missing.map(missingPerson));
    await this.#put(
      doc,
      failed,
      reading.failed.map(({ row, cells, problems }) => ({ row, cells: [...cells], problems: [...problems] })),
    );
  }

  async #put<T>(doc: CsvImportDoc, kind: PartKind<T>, items: readonly T[]): Promise<void> {
    const chunks = [...chunksBySize(items).entries()];
    for (const some of chunksOf(chunks, chunksAtOnce))
      await this.#change(doc, async (tx) => {
        for (const [at, chunk] of some) await this.parts.put(tx, doc, kind, at, chunk);
      });
  }

  async #checked(doc: CsvImportDoc, reading: CsvReading, { bytes, decoded, forecast }: Found): Promise<void> {
    const digest = createHash('sha256').update(bytes).digest('base64url');
    const same = await this.imports.sameBefore(doc, digest);
    await this.#change(doc, async (tx) => {
      const was = await this.imports.get(doc, { tx });
      if (was.state !== 'checking') return;
      await this.parts.remove(tx, doc, 'upload');
      const saved = await this.imports.save(tx, {
        ...was,
        state: 'checked',
        digest,
        encoding: decoded.encoding,
        columns: { ...reading.columns.named },
        ignoredColumns: reading.columns.ignored.map((header) => header.slice(0, 200)),
        headers: [...reading.headers],
        rows: reading.rows.length,
        people: reading.people.size,
        newPeople: forecast.comes.size,
        newUnits: reading.newUnits,
        failedRows: reading.failed.length,
        missing: reading.missing.length,
        mayRemove: reading.unclear === 0,
        preview: this.box.seal(JSON.stringify(previewOf(reading, forecast)), previewPlace(doc.orgId)),
        sameAs: same?._id ?? null,
        checkedAt: tx.now,
        due: dueAt(was.expiresAt),
      });
      tx.publish(csvChecked, { csvImport: toSummary(saved, null) }, saved);
    });
  }

  async #refuse(doc: CsvImportDoc, error: { code: string; message: string }): Promise<void> {
    await this.#change(doc, async (tx) => {
      const was = await this.imports.get(doc, { tx });
      if (was.state !== 'checking') return;
      await this.parts.remove(tx, doc, 'all');
      const due = dueAt(new Date(tx.now.getTime() + remembersMs));
      const saved = await this.imports.save(tx, { ...was, state: 'unreadable', error, checkedAt: tx.now, due });
      tx.publish(csvChecked, { csvImport: toSummary(saved, null) }, saved);
    });
  }

  /** First the content goes, and much later the row. What is being imported is waited for. */
  async #end(doc: CsvImportDoc): Promise<void> {
    await this.#change(doc, async (tx) => {
      const was = await this.imports.findOne({ orgId: doc.orgId, _id: doc._id }, { tx });
      if (!was?.due || was.due.at > tx.now) return;
      const run = was.runId === null ? null : await this.runs.findOne({ orgId: was.orgId, _id: was.runId }, { tx });
      if (was.state === 'uploading' || (was.state === 'checked' && run?.active !== true)) await this.delete(tx, was, 'expired');
      else if (was.state === 'checked')
        await this.imports.save(tx, { ...was, due: dueAt(new Date(tx.now.getTime() + 3_600_000)) });
      else await this.imports.remove(tx, was);
    });
  }

  /** Nothing of what was uploaded is left. */
  async delete(tx: Tx, was: CsvImportDoc, state: 'expired' | 'discarded'): Promise<CsvImportDoc> {
    await this.parts.remove(tx, was, 'all');
    const due = dueAt(new Date(tx.now.getTime() + remembersMs));
    const saved = await this.imports.save(tx, { ...was, state, preview: null, headers: [], due });
    const run = saved.runId === null ? null : await this.runs.findOne({ orgId: saved.orgId, _id: saved.runId }, { tx });
    tx.publish(csvDeleted, { csvImport: toSummary(saved, run?.state ?? null) }, saved);
    return saved;
  }

  async #bytesOf(doc: CsvImportDoc): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const [data] of this.parts.all(doc, uploads)) chunks.push(Buffer.from(data ?? '', 'base64'));
    return Buffer.concat(chunks);
  }

  async #change(doc: CsvImportDoc, change: (tx: Tx) => Promise<unknown>): Promise<void> {
    await this.work.run(systemCause('pms-sync', doc.orgId, this.ids, doc._id), change);
  }
}
