import {
  addUploadPart,
  adoptProperties,
  approveHold,
  beginUpload,
  createConnection,
  csvChecked,
  csvDeleted,
  csvStarted,
  csvUploaded,
  discardImport,
  disconnect,
  endUpload,
  getImport,
  listConnections,
  listHolds,
  listImportProblems,
  listImports,
  listMissingPeople,
  listSyncedProperties,
  personErased,
  readFailedRows,
  readImportTemplate,
  runImport,
  setSyncPolicy,
  startSync,
  syncRunStarted,
  updateConnection,
  type CsvImport,
  type SyncRun,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { eventually, newOrgId, staffActor } from '@leasewire/testing';
import type { ConnectorDefinition } from '../../src/connector/connector.js';
import { FakePms } from './fake-pms.js';
import { PmsSuite } from './pms-suite.js';

jest.mock('../../src/connector/connectors.js', () => {
  const { csv } = jest.requireActual<{ csv: ConnectorDefinition }>('../../src/connector/csv/csv.connector.js');
  return {
    get connectors() {
      return [mockPms.definition, csv];
    },
    connectorOf: (name: string) => (name === 'csv' ? csv : mockPms.definition),
  };
});
const mockPms = new FakePms();
let suite: PmsSuite;
beforeAll(async () => {
  suite = await PmsSuite.start(mockPms);
});
beforeEach(() => {
  suite.orgId = newOrgId();
  suite.actor = staffActor({ orgId: suite.orgId });
  suite.propertyId = suite.directory.add().id;
});

const coded = (code: string): unknown => expect.objectContaining({ code });
const saying = (code: string, message: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string });
const head = 'Resident,E-mail,Unit\n';
const person = (n: number) => `Ana R${n},ana${n}@example.com,${n}\n`;
const many = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => person(from + n)).join('');

async function upload(file: string | Buffer, propertyId = suite.propertyId): Promise<CsvImport> {
  const { id: importId } = await suite.call(beginUpload, { propertyId, fileName: 'residents.csv' });
  await suite.call(addUploadPart, { importId, part: 0, data: Buffer.from(file).toString('base64') });
  await suite.call(endUpload, { importId, parts: 1 });
  return checked(importId);
}
const checked = (importId: CsvImport['id']) =>
  eventually(
    async () => {
      const found = await suite.call(getImport, { importId });
      expect(['checked', 'unreadable']).toContain(found.state);
      return found;
    },
    { timeoutMs: 20_000 },
  );
async function imported(file: string, removeMissing = false): Promise<SyncRun> {
  const { id: importId } = await upload(file);
  await suite.call(runImport, { importId, removeMissing });
  return suite.over();
}
const living = () => suite.directory.living(suite.propertyId).length;

describe('a file', () => {
  it('is checked, imported without the rows that are wrong, and these come back', async () => {
    const found = await upload(`${head}${many(0, 250)}Bo Ek,bo@example,7\n=cmd(),,\n`);
    expect(found).toMatchObject({
      ...{
        state: 'checked',
        fileName: 'residents.csv',
        encoding: 'UTF-8',
        rows: 252,
        people: 250,
        newPeople: 250,
        newUnits: 248,
      },
      ...{ failedRows: 2, missing: 0, mayRemove: true, sameAs: null, runId: null, ignoredColumns: [] },
      columns: { name: 'Resident', emailAddress: 'E-mail', unitId: 'Unit' },
      uploadedBy: suite.actor.ref,
    });
    expect(found.sample[0]).toEqual({
      ...{ row: 2, name: 'Ana R0', email: 'ana0@example.com', phone: null, units: ['0'], userTypes: ['resident'], isNew: true },
    });
    expect(found.problems.map(({ row, column }) => [row, column])).toEqual([
      [252, 'E-mail'],
      [253, 'Unit'],
    ]);
    expect(suite.directory.count('apply')).toBe(0);
    const run = await suite.call(runImport, { importId: found.id });
    expect(run).toMatchObject({ scope: 'csv', cause: 'csv', state: 'queued', startedBy: suite.actor.ref });
    expect((await suite.call(runImport, { importId: found.id })).id).toBe(run.id);
    expect(await suite.over()).toMatchObject({ state: 'done', complete: false, counts: { synced: 250, failed: 0 } });
    expect(living()).toBe(250);
    expect(await suite.outcomes(run)).toHaveLength(200);
    expect(await suite.call(getImport, { importId: found.id })).toMatchObject({ state: 'imported', runId: run.id });
    const failed = await suite.call(readFailedRows, { importId: found.id });
    expect(failed).toMatchObject({ next: null });
    expect(failed.text.split('\r\n')).toMatchObject([
      'Resident,E-mail,Unit,What is wrong',
      'Bo Ek,bo@example,7,E-mail: “bo@example” is not an e-mail address.',
      "'=cmd(),,,Unit: The unit is missing.",
      '',
    ]);
    await eventually(() => {
      for (const event of [csvUploaded, csvChecked, csvStarted, syncRunStarted]) expect(suite.events(event)).toHaveLength(1);
    });
    expect(suite.events(csvStarted)[0]?.actor).toBe(suite.actor.ref);
    await expect(suite.call(runImport, { importId: found.id })).rejects.toEqual(saying('conflict.state', /imported already/));
  });

  it('is a sync like any other when it comes again', async () => {
    expect(await imported(head + many(0, 30))).toMatchObject({ counts: { synced: 30 } });
    // nobody is removed who did not say so
    expect(await imported(head + many(3, 30))).toMatchObject({ counts: { synced: 0, unchanged: 27, held: 0 }, complete: false });
    expect(living()).toBe(30);
    const again = await upload(head + many(3, 30));
    expect(again).toMatchObject({ newPeople: 0, missing: 3, missingPeople: [{ name: 'Ana R0', units: ['0'] }, {}, {}] });
    expect(again.sameAs).not.toBeNull();
    await suite.call(runImport, { importId: again.id, removeMissing: true });
    expect(await suite.over()).toMatchObject({ counts: { synced: 3, unchanged: 27, held: 0 }, complete: true });
    expect(living()).toBe(27);
    // many at once wait for a person
    expect(await imported(head + many(20, 30), true)).toMatchObject({ counts: { unchanged: 10, held: 17 } });
    expect(living()).toBe(27);
    const { items } = await suite.call(listHolds, { propertyId: suite.propertyId, state: 'open' });
    expect(items).toMatchObject([
      { count: 17, banner: expect.stringMatching(/17 of 27 people vanished from CSV files/) as string },
    ]);
    expect(items[0]?.people[0]?.why).toBe('The file does not show this person any more.');
    await suite.call(approveHold, { holdId: items[0]!.id });
    await suite.over();
    await eventually(() => expect(living()).toBe(10));
    expect(await imported(head + many(20, 30), true)).toMatchObject({ counts: { synced: 0, unchanged: 10, held: 0 } });
    expect(await imported(head + many(20, 31), true)).toMatchObject({ counts: { synced: 1, unchanged: 10 } });
  });

  it('is previewed by the rules that decide: who would be skipped is not new, and is said to be', async () => {
    await imported(head + many(0, 3));
    await suite.call(setSyncPolicy, { propertyId: suite.propertyId, policy: { withoutEmail: false } });
    suite.directory.refused.set('p7', 'Staff archived this person.');
    const rows = 'Ana R0,ana0@example.com,0,\nBo Ek,,1,p6\nCy Fox,cy@example.com,1,p7\nDi Gee,di@example.com,1,p8\n';
    const found = await upload(`Resident,E-mail,Unit,Resident ID\n${rows}`);
    expect(found).toMatchObject({ people: 4, newPeople: 1, failedRows: 0 });
    expect(found.sample.map(({ name, isNew }) => [name, isNew])).toEqual([
      ['Ana R0', false],
      ['Bo Ek', false],
      ['Cy Fox', false],
      ['Di Gee', true],
    ]);
    expect(found.warnings).toMatchObject([
      { row: 3, message: expect.stringMatching(/^Bo Ek is not taken over\. People without an e-mail/) as string },
      { row: 4, message: 'Cy Fox is not taken over. Staff archived this person.' },
    ]);
    await suite.call(runImport, { importId: found.id });
    expect(await suite.over()).toMatchObject({ counts: { synced: 1, unchanged: 1, skipped: 2 } });
  });

  it('whose hold is overtaken by a file that shows them withdraws it', async () => {
    await imported(head + many(0, 30));
    await imported(head + many(20, 30), true);
    await imported(head + many(0, 30), true);
    const { items } = await suite.call(listHolds, { propertyId: suite.propertyId });
    expect(items).toMatchObject([{ state: 'withdrawn' }]);
    expect(living()).toBe(30);
  });

  it('that cannot be read says why, and nothing of it is kept', async () => {
    const found = await upload(Buffer.from('%PDF-1.7 …'));
    expect(found).toMatchObject({ state: 'unreadable', error: { message: expect.stringMatching(/not a CSV file/) as string } });
    expect(await suite.rows('csv_parts')).toBe(0);
    await expect(suite.call(runImport, { importId: found.id })).rejects.toEqual(saying('conflict.state', /cannot be read/));
  });

  it('is kept sealed, and its lists are paged', async () => {
    const wrong = Array.from({ length: 230 }, (_, n) => `Bo Ek${n},secret${n}@broken,1\n`).join('');
    await imported(head + many(0, 120));
    const { id: importId } = await upload(head + person(500) + wrong);
    const stored = await suite.db.db.collection('csv_parts').find({ orgId: suite.orgId }).toArray();
    const docs = await suite.db.db.collection('csv_imports').find({ orgId: suite.orgId }).toArray();
    expect(JSON.stringify([stored, docs])).not.toMatch(/secret|Ana R|ana1@/);
    expect(new Set(stored.map(({ kind }) => String(kind)))).toEqual(new Set(['person', 'unit', 'missing', 'failed']));
    for (const [contract, all] of [
      [listImportProblems, 230],
      [listMissingPeople, 120],
    ] as const) {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: { items: unknown[]; nextCursor: string | null } = await suite.call(contract, {
          ...{ importId, limit: 70 },
          ...(cursor !== '' && { cursor }),
        });
        seen.push(...page.items.map((item) => JSON.stringify(item)));
        cursor = page.nextCursor;
      }
      expect(new Set(seen).size).toBe(all);
    }
    await expect(suite.call(listMissingPeople, { importId, cursor: 'x' })).rejects.toEqual(coded('cursor.invalid'));
    const text: string[] = [];
    for (let next: string | null | undefined; next !== null;) {
      const part: { text: string; next: string | null } = await suite.call(readFailedRows, { importId, ...(next && { next }) });
      text.push(part.text);
      next = part.next;
    }
    expect(text.join('').match(/\r\n/g)).toHaveLength(231);
  });

  it('is not taken for complete when a row that is wrong may be about anybody', async () => {
    await imported(head + many(0, 3));
    const { id: importId } = await upload(`${head}${person(0)},bo@broken,7\n`);
    expect(await suite.call(getImport, { importId })).toMatchObject({ mayRemove: false, missing: 2 });
    await expect(suite.call(runImport, { importId, removeMissing: true })).rejects.toEqual(
      saying('conflict.state', /taken for missing/),
    );
    await suite.call(runImport, { importId });
    expect(await suite.over()).toMatchObject({ counts: { unchanged: 1 } });
    expect(living()).toBe(3);
  });
});

describe('a property', () => {
  it('that a PMS feeds is fed by no file', async () => {
    const linked = suite.directory.add({ connectionId: newId('con'), name: 'Court' });
    await expect(suite.call(beginUpload, { propertyId: linked.id, fileName: 'x.csv' })).rejects.toEqual(
      saying('import.property-linked', /Court is kept in step with a PMS\. Correct people there/),
    );
    const away = suite.directory.add({ state: 'archived', name: 'Closed' });
    await expect(suite.call(beginUpload, { propertyId: away.id, fileName: 'x.csv' })).rejects.toEqual(coded('conflict.state'));
    await expect(suite.call(beginUpload, { propertyId: newId('prop'), fileName: 'x.csv' })).rejects.toEqual(coded('not-found'));
    const { id: importId } = await upload(head + person(1));
    suite.directory.add({ id: suite.propertyId, connectionId: newId('con') });
    await expect(suite.call(runImport, { importId })).rejects.toEqual(coded('import.property-linked'));
  });

  it('has its template: who lives there, then the units without anybody', async () => {
    await imported(head + person(1));
    const first = await suite.call(readImportTemplate, { propertyId: suite.propertyId });
    const second = await suite.call(readImportTemplate, { propertyId: suite.propertyId, next: first.next! });
    expect(second.next).toBeNull();
    const template = first.text + second.text;
    expect(template).toMatch(/^emailAddress,firstName,.*\r\nana1@example.com,Ana,R1,,1,,resident,,,,csv-\w+\r\n,,,,9,/);
    // unchanged it changes nothing
    expect(await imported(template, true)).toMatchObject({ counts: { synced: 0, unchanged: 1, held: 0 } });
    await expect(suite.call(readImportTemplate, { propertyId: suite.propertyId, next: 'x' })).rejects.toEqual(
      coded('cursor.invalid'),
    );
  });

  it('is shown with the connection of all files, which cannot be made by hand and is not swept', async () => {
    await expect(suite.call(createConnection, { pms: 'csv', name: 'Mine' })).rejects.toEqual(
      saying('connection.settings', /Files need no connection/),
    );
    await imported(head + person(1));
    const other = suite.directory.add({ name: 'Other' });
    const { id: importId } = await upload(head + person(1), other.id);
    await suite.call(runImport, { importId });
    await eventually(async () => expect((await suite.call(getImport, { importId })).state).toBe('imported'));
    const { items } = await suite.call(listConnections, {});
    expect(items).toMatchObject([
      { pms: 'csv', name: 'CSV files', properties: 2, health: { state: 'healthy', nextRunAt: null } },
    ]);
    const connectionId = items[0]!.id;
    await expect(suite.call(adoptProperties, { connectionId, properties: [{ upstreamId: '1' }] })).rejects.toEqual(
      coded('not-found'),
    );
    for (const target of [{ propertyIds: [suite.propertyId] }, { all: true as const }])
      await expect(suite.call(startSync, { target })).rejects.toEqual(saying('sync.not-linked', /upload a newer CSV file/));
    const policy = await suite.call(setSyncPolicy, { propertyId: suite.propertyId, policy: { brakeCount: 1 } });
    expect(policy).toMatchObject({ nextRunAt: null, policy: { brakeCount: 1 } });
    await suite.call(updateConnection, { connectionId, state: 'paused' });
    await expect(suite.call(beginUpload, { propertyId: suite.propertyId, fileName: 'x.csv' })).rejects.toEqual(
      saying('conflict.state', /paused/),
    );
    await suite.call(updateConnection, { connectionId, state: 'active' });
    await suite.call(disconnect, { connectionId, residents: 'keep' });
    expect((await suite.call(listSyncedProperties, {})).items).toEqual([]);
    expect(await imported(head + person(1))).toMatchObject({ state: 'done' });
    expect((await suite.call(listConnections, {})).items).toMatchObject([{ state: 'active' }, { state: 'disconnected' }]);
  });

  it('that a PMS takes over keeps who came with files, and files feed it no more', async () => {
    await imported(head + many(0, 30));
    mockPms.people = [];
    const { id: connectionId } = await suite.call(createConnection, {
      ...{ pms: 'entrata' as const, name: 'Entrata' },
      ...{ settings: { subdomain: 'harbour' }, credentials: { apiKey: 'key' } },
    });
    await suite.call(adoptProperties, { connectionId, properties: [{ upstreamId: '100', linkTo: suite.propertyId }] });
    expect(await suite.over()).toMatchObject({ cause: 'adoption', state: 'done', counts: { held: 0 } });
    expect(living()).toBe(30);
    await expect(suite.call(beginUpload, { propertyId: suite.propertyId, fileName: 'x.csv' })).rejects.toEqual(
      saying('import.property-linked', /“Entrata”/),
    );
  });

  it('outside of what somebody may see has no files for them', async () => {
    const { id: importId } = await upload(head + person(1));
    const narrow = staffActor({ orgId: suite.orgId, properties: [newId('prop')] });
    for (const answer of [
      suite.call(beginUpload, { propertyId: suite.propertyId, fileName: 'x.csv' }, narrow),
      suite.call(getImport, { importId }, narrow),
      suite.call(runImport, { importId }, narrow),
      suite.call(discardImport, { importId }, narrow),
      suite.call(readFailedRows, { importId }, narrow),
      suite.call(listMissingPeople, { importId }, narrow),
      suite.call(readImportTemplate, { propertyId: suite.propertyId }, narrow),
      suite.call(addUploadPart, { importId, part: 0, data: '' }, narrow),
    ])
      await expect(answer).rejects.toEqual(coded('not-found'));
    expect((await suite.call(listImports, {}, narrow)).items).toEqual([]);
    expect((await suite.call(listImports, { propertyId: suite.propertyId })).items).toMatchObject([{ id: importId }]);
  });
});

describe('two files at once', () => {
  it('the second waits its turn; an older one than what was imported is not taken', async () => {
    const older = await upload(head + many(0, 5));
    const newer = await upload(head + many(0, 6));
    suite.directory.away = 3; // the run has to wait, and is there for the second
    await suite.call(runImport, { importId: newer.id });
    await expect(suite.call(runImport, { importId: newer.id, removeMissing: true })).rejects.toEqual(coded('conflict.state'));
    await expect(suite.call(discardImport, { importId: newer.id })).rejects.toEqual(coded('conflict.state'));
    await expect(suite.call(runImport, { importId: older.id })).rejects.toEqual(saying('conflict.state', /Another file/));
    expect(await suite.over()).toMatchObject({ counts: { synced: 6 } });
    const since = await upload(head + many(0, 7));
    await suite.call(runImport, { importId: since.id });
    expect(await suite.over()).toMatchObject({ counts: { synced: 1, unchanged: 6 } });
  });
});

describe('an upload', () => {
  const begin = () => suite.call(beginUpload, { propertyId: suite.propertyId, fileName: 'x.csv' });
  const part = (text: string) => Buffer.from(text).toString('base64');

  it('is put together from its parts; a part that is repeated is one, one that is missing is asked for', async () => {
    const { id: importId } = await begin();
    await suite.call(addUploadPart, { importId, part: 0, data: part(head + person(1).slice(0, 5)) });
    await suite.call(addUploadPart, { importId, part: 0, data: part(head + person(1).slice(0, 5)) });
    await expect(suite.call(addUploadPart, { importId, part: 2, data: part('x') })).rejects.toEqual(
      saying('conflict.state', /Part 1/),
    );
    await expect(suite.call(endUpload, { importId, parts: 2 })).rejects.toEqual(saying('conflict.state', /1 of 2/));
    await suite.call(addUploadPart, { importId, part: 1, data: part(person(1).slice(5)) });
    await suite.call(endUpload, { importId, parts: 2 });
    expect(await checked(importId)).toMatchObject({ people: 1, bytes: Buffer.byteLength(head + person(1)) });
    await expect(suite.call(addUploadPart, { importId, part: 2, data: part('x') })).rejects.toEqual(coded('conflict.state'));
  });

  it('that is too large is refused', async () => {
    const { id: importId } = await begin();
    const data = Buffer.alloc(384 * 1024).toString('base64');
    const all = async () => {
      for (let at = 0; at < 22; at++) await suite.call(addUploadPart, { importId, part: at, data });
    };
    await expect(all()).rejects.toEqual(saying('payload-too-large', /8 MB/));
  });

  it('is checked later when directory is away', async () => {
    const { id: importId } = await begin();
    await suite.call(addUploadPart, { importId, part: 0, data: part(head + person(1)) });
    suite.directory.away = 1;
    await suite.call(endUpload, { importId, parts: 1 });
    expect(await checked(importId)).toMatchObject({ people: 1 });
    expect(suite.directory.away).toBeLessThan(1);
  });

  it('that was interrupted in the middle of its check is checked anew', async () => {
    const { id: importId } = await begin();
    await suite.call(addUploadPart, { importId, part: 0, data: part(head + many(0, 3)) });
    const left = {
      orgId: suite.orgId,
      importId,
      kind: 'person',
      at: 0,
      content: 'left by a process that died',
      expiresAt: new Date(),
    };
    const row = { ...left, version: 1, createdAt: new Date(), updatedAt: new Date() };
    await suite.db.db.collection<{ _id: string }>('csv_parts').insertOne({ _id: `${importId}/person/0`, ...row });
    await suite.call(endUpload, { importId, parts: 1 });
    expect(await checked(importId)).toMatchObject({ people: 3 });
    await suite.call(runImport, { importId });
    expect(await suite.over()).toMatchObject({ counts: { synced: 3 } });
  });

  it.each([
    ['discarded', (importId: CsvImport['id']): Promise<unknown> => suite.call(discardImport, { importId })],
    ['expired', (importId: CsvImport['id']): Promise<unknown> => isDue(importId)],
    [
      'expired',
      async () => {
        const { propertyId, orgId } = suite;
        await suite.directory.tell(personErased, { personId: newId('per'), propertyIds: [propertyId] }, orgId);
      },
    ],
  ] as const)('is %s with all that was in it', async (state, end) => {
    const { id: importId } = await upload(`${head}${person(1)}Bo Ek,bo@example,7\n`);
    expect(await suite.rows('csv_parts')).toBeGreaterThan(0);
    await end(importId);
    const gone: CsvImport = await eventually(async () => {
      const found = await suite.call(getImport, { importId });
      expect(found.state).toBe(state);
      return found;
    });
    expect(gone).toMatchObject({ sample: [], problems: [], people: 1 });
    expect(await suite.rows('csv_parts')).toBe(0);
    await eventually(() => expect(suite.events(csvDeleted)).toHaveLength(1));
    for (const late of [suite.call(runImport, { importId }), suite.call(readFailedRows, { importId })])
      await expect(late).rejects.toEqual(coded('conflict.state'));
    // and one day nothing is known of it
    await isDue(importId);
    await eventually(() => expect(suite.call(getImport, { importId })).rejects.toEqual(coded('not-found')));
  });

  const isDue = async (importId: CsvImport['id']): Promise<void> => {
    const rows = suite.db.db.collection<{ _id: string }>('csv_imports');
    await rows.updateOne({ _id: importId }, { $set: { due: { at: new Date(0), attempts: 0 } } });
  };
});
