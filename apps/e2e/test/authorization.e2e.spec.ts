import { eventually } from '@leasewire/testing';
import { Api, Platform } from '../src/index.js';

interface Operation {
  readonly operationId: string;
  readonly 'x-leasewire-access': string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly example?: unknown;
  }[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly example?: unknown; readonly examples?: Readonly<Record<string, { value: unknown }>> }>
    >;
  };
}
interface Row {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];
const nobody = 'nobody@harbour.example';
const password = 'correct horse battery 41';
/** What stands in a path and is the same in every organization: there is nothing of anybody to find by it. */
const everywhere: Readonly<Record<string, string>> = { name: 'welcome' };
const namesSomething = ({ path }: Row): boolean =>
  [...path.matchAll(/\{(\w+)\}/g)].some(([, name = '']) => !(name in everywhere));

/** Every operation of the running gateway × who asks × whose id it is, from its own OpenAPI document: a new route is in it. */
describe('every operation', () => {
  let platform: Platform;
  let owner: Api;
  let stranger: Api;
  let powerless: Api;
  let rows: Row[];
  /** Ids of the owner’s organization, by the name of the path parameter. */
  let ours: Record<string, string>;

  beforeAll(async () => {
    platform = await Platform.start();
    owner = await platform.as('owner');
    const other = platform.signIns.find(({ organization }) => organization !== platform.signInOf('owner').organization);
    stranger = await Api.signIn(platform.url, other ?? { email: '', password: '' });
    const document = await new Api(platform.url).get<{ paths: Record<string, Record<string, Operation>> }>('/v1/openapi.json');
    rows = Object.entries(document.paths).flatMap(([path, item]) =>
      methods.flatMap((method) => (item[method] ? [{ method: method.toUpperCase(), path, operation: item[method] }] : [])),
    );
    ours = await thingsOf(owner);
    powerless = await someoneWithout(owner);
  }, 240_000);

  it('is known', () => {
    expect(rows.length).toBeGreaterThan(40);
    for (const { operation } of rows)
      expect(operation['x-leasewire-access']).toMatch(/^(public|member|[a-z-]+\.[a-z-]+:(view|full))$/);
  });

  it('refuses who is not signed in, unless it is for anyone', async () => {
    const wrong: string[] = [];
    for (const row of rows.filter(({ operation }) => operation['x-leasewire-access'] !== 'public')) {
      const { status } = await ask(new Api(platform.url), row, ours);
      if (status !== 401) wrong.push(`${row.method} ${row.path} → ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('refuses a token of nobody’s making', async () => {
    const token = `${Buffer.from('{"typ":"access","iss":"identity","exp":9999999999}').toString('base64url')}.AAAA`;
    const forged = new Api(platform.url, { token });
    const [row] = rows.filter(({ path }) => path === '/v1/me');
    if (!row) throw new Error('no /v1/me');
    expect((await ask(forged, row, ours)).status).toBe(401);
  });

  it('refuses who holds no permission for it', async () => {
    const wrong: string[] = [];
    for (const row of rows.filter(({ operation }) => operation['x-leasewire-access'].includes(':'))) {
      const { status } = await ask(powerless, row, ours);
      if (status !== 403) wrong.push(`${row.method} ${row.path} → ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('finds nothing of another organization, and changes nothing there', async () => {
    const before = await stateOf(owner, ours);
    const wrong: string[] = [];
    for (const row of rows.filter((one) => namesSomething(one) && one.operation['x-leasewire-access'] !== 'public')) {
      const { status, body } = await ask(stranger, row, ours);
      // a list below somebody else's thing may also be empty
      const showsNothing = status === 200 && Array.isArray(body['items']) && body['items'].length === 0;
      if (status !== 404 && !showsNothing)
        wrong.push(`${row.method} ${row.path} → ${status} ${JSON.stringify(body).slice(0, 200)}`);
    }
    expect(wrong).toEqual([]);
    expect(await stateOf(owner, ours)).toEqual(before);
  });

  it('lists nothing of another organization', async () => {
    const ids = Object.values(ours);
    const wrong: string[] = [];
    for (const row of rows.filter(({ method, path }) => method === 'GET' && !path.includes('{') && !path.endsWith('/stream'))) {
      const { body } = await ask(stranger, row, ours);
      const text = JSON.stringify(body);
      if (!path(row).endsWith('openapi.json'))
        wrong.push(...ids.filter((id) => text.includes(id)).map((id) => `${row.path} shows ${id}`));
    }
    expect(wrong).toEqual([]);
  });
});

const path = (row: Row): string => row.path;

function ask(api: Api, { method, path, operation }: Row, ids: Readonly<Record<string, string>>) {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name] ?? everywhere[name];
    if (id === undefined) throw new Error(`the test has nothing for {${name}} of ${path}; add it to thingsOf()`);
    return encodeURIComponent(id);
  });
  const query = (operation.parameters ?? [])
    .filter(({ in: where, required }) => where === 'query' && required)
    .map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`);
  const content = operation.requestBody?.content['application/json'];
  const body = content ? (content.example ?? Object.values(content.examples ?? {})[0]?.value ?? {}) : undefined;
  return api.patiently(method, query.length > 0 ? `${filled}?${query.join('&')}` : filled, {
    body,
    headers: { 'if-match': '*' },
  });
}

/** One of each thing that has an id in a path. */
async function thingsOf(owner: Api): Promise<Record<string, string>> {
  const role = await owner.expect<{ id: string }>(201, 'POST', '/v1/roles', {
    body: { name: 'Nothing at all', permissions: {} },
  });
  const staff = await owner.expect<{ id: string; link: { url: string } }>(201, 'POST', '/v1/staff', {
    body: { email: nobody, name: 'Nora Body', roleIds: [role.body.id] },
  });
  const key = await owner.expect<{ id: string }>(201, 'POST', '/v1/api-keys', { body: { name: 'A key', permissions: {} } });
  const token = staff.body.link.url.split('/').at(-1) ?? '';
  await new Api(owner.url).expect(200, 'POST', `/v1/links/${token}/accept`, { body: { password } });
  const [session] = await owner.all<{ id: string }>('/v1/sessions');
  const job = await owner.expect<{ jobId: string }>(202, 'POST', '/v1/audit/exports', { body: { format: 'ndjson' } });
  const [entry] = await owner.all<{ id: string }>('/v1/audit');
  const add = async (path: string, body: object) =>
    (await owner.expect<{ id: string; personId: string }>(201, 'POST', path, { body })).body;
  const property = await add('/v1/properties', { name: 'Ours', kind: 'rental', timeZone: 'Australia/Brisbane' });
  const unit = await add('/v1/units', { propertyId: property.id, number: '1' });
  const person = { firstName: 'Rosa', lastName: 'Resident', userTypes: ['resident'], moveIn: '2026-01-01' };
  const resident = await add('/v1/residents', { ...person, propertyId: property.id, unitId: unit.id });
  const imported = await importedInto(owner, property.id);
  const credentials = { apiKey: 'no key of anybody' };
  const settings = { baseUrl: 'https://pms.example.com' };
  const connection = await add('/v1/connections', { pms: 'stratamax', name: 'Ours', settings, credentials });
  const suppression = await add('/v1/suppressions', { email: 'gone@example.com' });
  const view = await add('/v1/views', { name: 'Ours', list: 'residents', query: {} });
  return {
    propertyId: property.id,
    unitId: unit.id,
    residentId: resident.id,
    personId: resident.personId,
    connectionId: connection.id,
    id: view.id,
    ...imported,
    // only a PMS makes this: what nobody has is not there either
    goLiveId: `gol_${resident.id.slice('res_'.length)}`,
    invitationId: `invi_${resident.id.slice('res_'.length)}`,
    holdId: `hold_${resident.id.slice('res_'.length)}`,
    inboundTextId: `txt_${resident.id.slice('res_'.length)}`,
    messageId: `msg_${resident.id.slice('res_'.length)}`,
    deliveryId: `dlv_${resident.id.slice('res_'.length)}`,
    attachmentId: `att_${resident.id.slice('res_'.length)}`,
    suppressionId: suppression.id,
    roleId: role.body.id,
    staffId: staff.body.id,
    apiKeyId: key.body.id,
    sessionId: session?.id ?? '',
    jobId: job.body.jobId,
    entryId: entry?.id ?? '',
    token,
  };
}

/** A file as somebody uploads it, checked and imported: the run of it is a run like any other. */
async function importedInto(owner: Api, propertyId: string): Promise<{ importId: string; runId: string }> {
  const body = 'Unit,First name,Last name,E-mail\n2,Mia,Ng,mia@example.com\n3,Leo,,leo@example.com\n,,,nobody\n';
  const { body: uploaded } = await owner.expect<{ id: string }>(201, 'POST', `/v1/imports?propertyId=${propertyId}`, {
    body,
    headers: { 'content-type': 'text/csv' },
  });
  const file = `/v1/imports/${uploaded.id}`;
  await eventually(async () => expect(await owner.get(file)).toMatchObject({ state: 'checked', people: 2, failedRows: 1 }));
  expect((await owner.ask<string>('GET', `${file}/failed-rows`)).body).toMatch(/nobody/);
  const { body: run } = await owner.expect<{ id: string }>(202, 'POST', `${file}/run`, { body: {} });
  await eventually(async () => expect(await owner.get(file)).toMatchObject({ state: 'imported', runId: run.id }));
  const { items } = await owner.get<{ items: { outcome: string }[] }>(`/v1/sync-runs/${run.id}/outcomes`);
  expect(items.map(({ outcome }) => outcome)).toEqual(['synced', 'synced']);
  expect((await owner.ask<string>('GET', `/v1/properties/${propertyId}/import-template`)).body).toMatch(/mia@example\.com/);
  return { importId: uploaded.id, runId: run.id };
}

async function someoneWithout(owner: Api): Promise<Api> {
  return Api.signIn(owner.url, { email: nobody, password });
}

/** What the owner sees of their own things. */
async function stateOf(owner: Api, ids: Readonly<Record<string, string>>): Promise<unknown> {
  const read = (where: string) => owner.get(where);
  return Promise.all([
    read(`/v1/roles/${ids['roleId']}`),
    read(`/v1/staff/${ids['staffId']}`),
    read(`/v1/api-keys/${ids['apiKeyId']}`),
    read(`/v1/properties/${ids['propertyId']}`),
    read(`/v1/units/${ids['unitId']}`),
    read(`/v1/residents/${ids['residentId']}`),
    read(`/v1/connections/${ids['connectionId']}`),
    read(`/v1/imports/${ids['importId']}`),
    read(`/v1/sync-runs/${ids['runId']}`),
    read('/v1/views'),
    owner.all<{ id: string }>('/v1/sessions').then((sessions) => sessions.map(({ id }) => id)),
  ]);
}
