import {
  addUploadPart,
  beginUpload,
  DomainError,
  endUpload,
  mostUploadBytes,
  readFailedRows,
  readImportTemplate,
  receiveWebhook,
  runImport,
  uploadPartBytes,
  type CsvImportSummary,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { csvTypes } from '../src/http/raw-body.js';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity } from './support/stub-identity.js';
import { StubService } from './support/stub-service.js';

let url: string;
let identity: StubIdentity;
let token: string;
let pmsSync: StubService;
const propertyId = newId('prop');
const importId = newId('imp');
const connectionId = newId('con');
const summary = (state: CsvImportSummary['state']): CsvImportSummary => ({
  ...{ id: importId, propertyId, fileName: 'residents.csv', state, error: null, bytes: 0, encoding: null, columns: {} },
  ...{ ignoredColumns: [], rows: 0, people: 0, newPeople: 0, newUnits: 0, failedRows: 0, missing: 0, mayRemove: false },
  ...{ sameAs: null, removeMissing: false, runId: null, uploadedBy: `staff:${newId('stf')}` },
  ...{ createdAt: '2026-11-20T09:00:00.000Z', checkedAt: null, expiresAt: '2026-11-27T09:00:00.000Z' },
});
/** Parts as they arrived; a key that comes again is answered from what was stored, as a real owner does. */
let arrived: Buffer[] = [];
const inputsOf = (method: string) => pmsSync.calls.filter((call) => call.method === `pms-sync.${method}`);
const upload = (body: string | Uint8Array<ArrayBuffer>, more: { headers?: Record<string, string>; query?: string } = {}) =>
  ask(url, `/v1/imports?propertyId=${propertyId}${more.query ?? ''}`, {
    method: 'POST',
    token,
    body,
    headers: { 'content-type': 'text/csv', ...more.headers },
  });

beforeAll(async () => {
  const deployment = await gatewayDeployment();
  identity = await StubIdentity.start(deployment);
  const owners = await StubService.all(deployment);
  pmsSync = owners.find(({ name }) => name === 'pms-sync')!;
  url = (await startGateway(deployment)).url;
  token = identity.signIn({ 'residence.residence': 'full' }).token;
  pmsSync.handle(beginUpload, () => summary('uploading'));
  pmsSync.handle(addUploadPart, ({ data }) => {
    arrived.push(Buffer.from(data, 'base64'));
    return {};
  });
  pmsSync.handle(endUpload, () => summary('checking'));
});
beforeEach(() => {
  arrived = [];
  pmsSync.calls.length = 0;
});

describe('an upload', () => {
  it('is the file itself: in parts that fit the broker it arrives byte by byte as it was sent', async () => {
    const bytes = Uint8Array.from({ length: uploadPartBytes * 2 + 77 }, (_, at) => (at * 31) % 256);
    const reply = await upload(bytes, { query: '&fileName=august.csv', headers: { 'content-type': 'application/vnd.ms-excel' } });
    expect([reply.status, reply.body.state, reply.headers.get('location')]).toEqual([201, 'checking', `/v1/imports/${importId}`]);
    expect(arrived.map(({ length }) => length)).toEqual([uploadPartBytes, uploadPartBytes, 77]);
    expect(Buffer.concat(arrived).equals(bytes)).toBe(true);
    expect(inputsOf('begin-upload')[0]?.input).toEqual({ propertyId, fileName: 'august.csv' });
    expect(inputsOf('end-upload')[0]?.input).toEqual({ importId, parts: 3 });
  });

  it.each(csvTypes)('comes as %s', async (type) => {
    expect((await upload('Name\nRosa', { headers: { 'content-type': type } })).status).toBe(201);
  });

  it('of eight megabytes is taken, of one byte more is not', async () => {
    expect((await upload(new Uint8Array(mostUploadBytes))).status).toBe(201);
    const reply = await upload(new Uint8Array(mostUploadBytes + 1));
    expect([reply.status, reply.body.code]).toEqual([413, 'payload-too-large']);
  });

  it('repeated with its key asks the owner with the same keys, and another file with others', async () => {
    const headers = { 'idempotency-key': 'upload-1' };
    await upload('Name\nRosa', { headers });
    await upload('Name\nRosa', { headers });
    await upload('Name\nRui', { headers });
    const keys = ['begin-upload', 'add-upload-part', 'end-upload'].map((method) => inputsOf(method).map(({ key }) => key));
    for (const [first, again, other] of keys) {
      expect(again).toBe(first);
      expect(other).not.toBe(first);
    }
  });

  it.each([
    ['of nothing', '', { 'content-type': 'text/csv' }, 400, 'invalid-input'],
    ['as JSON', '{"rows":[]}', { 'content-type': 'application/json' }, 415, 'unsupported-media-type'],
    ['as a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported-media-type'],
    ['as what it is not', 'a', { 'content-type': 'application/xml' }, 415, 'unsupported-media-type'],
  ])('%s is refused', async (_name, body, headers, status, code) => {
    const reply = await upload(body, { headers });
    expect([reply.status, reply.body.code, pmsSync.calls]).toEqual([status, code, []]);
  });

  it('without a property, or with a field that nobody knows, is refused by name', async () => {
    const send = (query: string) =>
      ask(url, `/v1/imports${query}`, { method: 'POST', token, body: 'Name', headers: { 'content-type': 'text/csv' } });
    expect((await send('')).body.details.fields[0]?.path).toBe('propertyId');
    expect((await send(`?propertyId=${propertyId}&colour=red`)).body.details.fields[0]?.path).toBe('colour');
  });

  it('of who may not is refused before its body is read', async () => {
    const large = new Uint8Array(mostUploadBytes + 1);
    const viewer = identity.signIn({ 'residence.residence': 'view' }).token;
    const asked = async (credentials: { token?: string }) =>
      (
        await ask(url, `/v1/imports?propertyId=${propertyId}`, {
          method: 'POST',
          body: large,
          headers: { 'content-type': 'text/csv' },
          ...credentials,
        })
      ).status;
    expect([await asked({}), await asked({ token: viewer })]).toEqual([401, 403]);
  });

  it('leaves the limit of other bodies where it was', async () => {
    const reply = await ask(url, '/v1/sync-runs', { method: 'POST', token, json: { target: 'x'.repeat(1_100_000) } });
    expect(reply.status).toBe(413);
  });
});

describe('files to download', () => {
  it('come as one CSV file of all stretches, with a name', async () => {
    pmsSync.handle(readImportTemplate, ({ next }) =>
      next === undefined ? { text: 'Unit,Name\n', next: 'people:x' } : { text: '301,Rosa\n', next: null },
    );
    const reply = await ask(url, `/v1/properties/${propertyId}/import-template`, { token });
    expect([reply.status, reply.text]).toEqual([200, 'Unit,Name\n301,Rosa\n']);
    expect(reply.headers.get('content-disposition')).toMatch(/^attachment; filename="residents-\w+\.csv"$/);
  });

  it('that are not there are a problem', async () => {
    pmsSync.handle(readFailedRows, () => {
      throw new DomainError('conflict.state', 'The file is being checked.');
    });
    const reply = await ask(url, `/v1/imports/${importId}/failed-rows`, { token });
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict.state']);
  });

  it('are imported by a run, which is where the Location leads', async () => {
    const runId = newId('run');
    pmsSync.handle(runImport, () => ({ id: runId }) as never);
    const reply = await ask(url, `/v1/imports/${importId}/run`, { token, method: 'POST', json: { removeMissing: true } });
    expect([reply.status, reply.headers.get('location')]).toEqual([202, `/v1/sync-runs/${runId}`]);
    expect(inputsOf('run-import')[0]?.input).toEqual({ importId, removeMissing: true });
  });
});

describe('a webhook of a PMS', () => {
  const body = '{ "Events": [ { "EventName": "Lease.Updated" } ] }';
  const signed = { 'buildium-webhook-timestamp': '1790000000', 'buildium-webhook-signature': 'c2lnbmVk' };
  const send = (headers: Record<string, string>, text: string = body) =>
    ask(url, `/v1/connections/${connectionId}/webhook`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json', ...headers },
    });
  beforeAll(() => {
    pmsSync.handle(receiveWebhook, () => ({ accepted: true }));
  });

  it('reaches the owner as it was signed, in the name of the gateway and of nobody else', async () => {
    expect((await send(signed)).status).toBe(202);
    const [call] = inputsOf('receive-webhook');
    expect(call?.input).toEqual({ connectionId, timestamp: '1790000000', signature: 'c2lnbmVk', body });
    expect(call?.actor).toMatchObject({ ref: 'service:gateway', orgId: null });
  });

  it.each([
    ['without a signature', { 'buildium-webhook-timestamp': '1790000000' }, body, 401],
    ['without a body', signed, '', 401],
    ['that is too long', signed, `{"a":"${'x'.repeat(100_001)}"}`, 413],
    ['that is no JSON by its type', { ...signed, 'content-type': 'text/csv' }, body, 415],
  ])('%s is refused', async (_name, headers, text, status) => {
    expect([(await send(headers, text)).status, pmsSync.calls]).toEqual([status, []]);
  });
});
