import {
  DomainError,
  csvUploaded,
  mostUploadBytes,
  type CsvImportId,
  type CsvImportSummary,
  type ParsedInputOf,
  type addUploadPart,
  type beginUpload,
  type endUpload,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { dueAt, UnitOfWork, type Tx } from '@leasewire/persistence';
import { CONFIG, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { PmsSyncConfig } from '../config.js';
import { assertSees } from '../property-scope.rules.js';
import { CsvChecker } from './csv-checker.js';
import { CsvImportRepository, toSummary, type CsvImportDoc } from './csv-import.repository.js';
import { CsvPartRepository, uploads } from './csv-part.repository.js';
import { FedByFiles } from './fed-by-files.js';
import { PropertyContent } from './property-content.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Of one property: who needs more should discard some. */
const mostKept = 20;

/** How a file arrives: in parts that fit the broker, from its beginning to its end. */
@Injectable()
export class CsvUploadService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly imports: CsvImportRepository,
    private readonly parts: CsvPartRepository,
    private readonly content: PropertyContent,
    private readonly fed: FedByFiles,
    private readonly checker: CsvChecker,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(CONFIG) private readonly config: PmsSyncConfig,
  ) {}

  async begin({ propertyId, fileName }: ParsedInputOf<typeof beginUpload>, call: Call): Promise<CsvImportSummary> {
    const { orgId, actor } = call;
    assertSees(actor.properties, propertyId);
    const property = await this.content.property(orgId, propertyId);
    await this.fed.assertByFiles(orgId, property);
    return this.work.run(call, async (tx) => {
      const kept = await this.imports.count({ orgId, propertyId, state: { $in: ['uploading', 'checking', 'checked'] } }, { tx });
      if (kept >= mostKept)
        throw new DomainError('conflict.state', `${property.name} has ${kept} files already. Discard those that are not needed.`);
      const doc = await this.imports.insert(tx, {
        _id: this.ids.next('imp'),
        orgId,
        propertyId,
        fileName,
        state: 'uploading',
        error: null,
        uploadParts: 0,
        digest: null,
        bytes: 0,
        encoding: null,
        columns: {},
        ignoredColumns: [],
        rows: 0,
        people: 0,
        newPeople: 0,
        newUnits: 0,
        failedRows: 0,
        missing: 0,
        mayRemove: false,
        headers: [],
        preview: null,
        sameAs: null,
        removeMissing: false,
        runId: null,
        uploadedBy: actor.ref,
        checkedAt: null,
        startedAt: null,
        expiresAt: new Date(tx.now.getTime() + this.config.LEASEWIRE_PMS_IMPORT_DAYS * dayMs),
        due: dueAt(new Date(tx.now.getTime() + hourMs)), // whoever broke off does not come back
      });
      return toSummary(doc, null);
    });
  }

  /** The same part twice is one: whoever does not hear from us sends it again. */
  async add({ importId, part, data }: ParsedInputOf<typeof addUploadPart>, call: Call): Promise<Record<string, never>> {
    return this.work.run(call, async (tx) => {
      const doc = await this.#uploading(tx, importId, call);
      if (doc.bytes + bytesOf(data) > mostUploadBytes)
        throw new DomainError('payload-too-large', `A file has at most ${mostUploadBytes / 1024 / 1024} MB. Split it.`);
      if (part !== doc.uploadParts) {
        if (part < doc.uploadParts) return {};
        throw new DomainError('conflict.state', `Part ${doc.uploadParts} comes next, not ${part}.`);
      }
      await this.parts.put(tx, doc, uploads, part, [data]);
      await this.imports.save(tx, { ...doc, uploadParts: part + 1, bytes: doc.bytes + bytesOf(data) });
      return {};
    });
  }

  async end({ importId, parts }: ParsedInputOf<typeof endUpload>, call: Call): Promise<CsvImportSummary> {
    return this.work.run(call, async (tx) => {
      const doc = await this.#uploading(tx, importId, call);
      if (doc.uploadParts !== parts)
        throw new DomainError('conflict.state', `${doc.uploadParts} of ${parts} parts arrived. Upload the file again.`);
      const saved = await this.imports.save(tx, { ...doc, state: 'checking', due: dueAt(tx.now) });
      tx.publish(csvUploaded, { csvImport: toSummary(saved, null) }, saved);
      tx.afterCommit(() => {
        this.checker.wake();
      });
      return toSummary(saved, null);
    });
  }

  async #uploading(tx: Tx, _id: CsvImportId, { orgId, actor }: Call): Promise<CsvImportDoc> {
    const doc = await this.imports.get({ orgId, _id }, { tx });
    assertSees(actor.properties, doc.propertyId);
    if (doc.state === 'uploading') return doc;
    throw new DomainError('conflict.state', 'This file has arrived already, or was broken off too long ago. Upload it again.');
  }
}

const bytesOf = (base64: string): number =>
  Math.floor((base64.length * 3) / 4) - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
