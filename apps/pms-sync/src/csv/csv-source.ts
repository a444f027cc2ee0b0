import { DomainError } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import type { PeoplePage } from '../connector/connector.js';
import { DirectoryClient, type ForRun } from '../run/directory-client.js';
import type { SyncRunDoc } from '../run/sync-run.repository.js';
import { CsvImportRepository, type CsvImportDoc } from './csv-import.repository.js';
import { CsvPartRepository, missing, people, units } from './csv-part.repository.js';

/** What was found in a file, as a run takes it from a PMS: pages of people, and who is absent. */
@Injectable()
export class CsvSource {
  constructor(
    private readonly imports: CsvImportRepository,
    private readonly parts: CsvPartRepository,
    private readonly directory: DirectoryClient,
  ) {}

  /** First the units that the file names, which are added; that it does not name one says nothing. Then its people. */
  async *read(
    run: ForRun,
    { importId, removeMissing }: { importId: NonNullable<SyncRunDoc['importId']>; removeMissing: boolean },
  ): AsyncGenerator<PeoplePage> {
    const doc = await this.#kept(run, importId);
    for await (const some of this.parts.all(doc, units)) await this.directory.applyUnits(run, some, []);
    let seen = 0;
    for await (const some of this.parts.all(doc, people)) {
      seen += some.length;
      yield { people: some, rejected: [] };
    }
    if (seen < doc.people) throw gone();
    yield { people: [], rejected: [], complete: removeMissing };
  }

  /** Whom the person who had it imported saw as missing; who came since is not among them. */
  async *absent(run: ForRun, importId: NonNullable<SyncRunDoc['importId']>): AsyncGenerator<string[]> {
    const doc = await this.#kept(run, importId);
    for await (const some of this.parts.all(doc, missing)) yield some.map(({ upstreamId }) => upstreamId);
  }

  async #kept({ orgId }: ForRun, _id: CsvImportDoc['_id']): Promise<CsvImportDoc> {
    const doc = await this.imports.get({ orgId, _id });
    if (doc.state !== 'checked') throw gone();
    return doc;
  }
}

const gone = () => new DomainError('conflict.state', 'What was uploaded was deleted meanwhile. Upload the file again.');
