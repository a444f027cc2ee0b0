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
    // no mail server listens there: what is to go out waits
    platform = await Platform.start({ replicas: 1, env: { LEASEWIRE_SMTP_HOST: '127.0.0.1', LEASEWIRE_SMTP_PORT: '1' } });
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
        for (const id of ids.filter((one) => text.includes(one))) {
          const at = text.indexOf(id);
          wrong.push(`${row.path} shows ${id}: ${text.slice(Math.max(0, at - 400), at + 60)}`);
        }
    }
    expect(wrong).toEqual([]);
  });

  // last: it makes the stranger themselves name what is ours, as in their own audit log
  it('does nothing with ids of another organization that stand in its body or query, and answers nothing of them', async () => {
    const before = await stateOf(owner, ours);
    const byPrefix = new Map(Object.values(ours).map((id) => [id.split('_')[0], id]));
    const foreign = (text: string) =>
      text.replaceAll(/\b([a-z]+)_[0-9a-z]{26}\b/gi, (id, prefix: string) => byPrefix.get(prefix) ?? id);
    const wrong: string[] = [];
    let asked = 0;
    for (const row of rows.filter((one) => !namesSomething(one) && one.operation['x-leasewire-access'] !== 'public')) {
      const example = bodyOf(row);
      const body = example === undefined ? undefined : (JSON.parse(foreign(JSON.stringify(example))) as object);
      const query = (row.operation.parameters ?? []).flatMap(({ in: where, name }) => {
        const id = where === 'query' ? ours[name] : undefined;
        return id === undefined ? [] : [`${name}=${id}`];
      });
      const namesOurs = Object.values(ours).some((id) => `${query.join()}${JSON.stringify(body)}`.includes(id));
      if (!namesOurs || row.path.endsWith('/stream')) continue;
      asked += 1;
      const path = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => everywhere[name] ?? name);
      const headers = { 'if-match': '*' };
      const answer = await stranger.patiently(row.method, query.length > 0 ? `${path}?${query.join('&')}` : path, {
        body,
        headers,
      });
      const said = JSON.stringify(answer.body);
      for (const word of ['Nora Body', nobody, 'Rosa', 'mia@example.com', '"Ours"'])
        if (said.includes(word)) wrong.push(`${row.method} ${row.path} tells of ${word}: ${said.slice(0, 200)}`);
      if (answer.status >= 500) wrong.push(`${row.method} ${row.path} → ${answer.status}`);
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(20);
    expect(await stateOf(owner, ours)).toEqual(before);
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
  const body = bodyOf({ operation });
  return api.patiently(method, query.length > 0 ? `${filled}?${query.join('&')}` : filled, {
    body,
    headers: { 'if-match': '*' },
  });
}

function bodyOf({ operation }: Pick<Row, 'operation'>): unknown {
  const content = operation.requestBody?.content['application/json'];
  return content ? (content.example ?? Object.values(content.examples ?? {})[0]?.value ?? {}) : undefined;
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
    ...(await saidTo(owner, property.id)),
    // only a PMS, a telephone or a mail server makes these: what nobody has is not there either
    invitationId: `invi_${resident.id.slice('res_'.length)}`,
    holdId: `hold_${resident.id.slice('res_'.length)}`,
    inboundTextId: `txt_${resident.id.slice('res_'.length)}`,
    deliveryId: `dlv_${resident.id.slice('res_'.length)}`,
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

/** A message that is planned for later, a file for one, and a Go Live that was estimated. */
async function saidTo(owner: Api, propertyId: string): Promise<Record<string, string>> {
  const add = async <T extends object>(path: string, body: object, status = 201) =>
    (await owner.expect<T>(status, 'POST', path, { body })).body;
  const local = `${new Date().getUTCFullYear() + 1}-03-01T09:00`;
  const words = { subject: 'Pool opens', body: '<p>On Saturday.</p>', when: { kind: 'at', local } };
  const draft = { audience: { propertyIds: [propertyId], emails: [{ email: 'caretaker@example.test' }] }, ...words };
  const { token } = await add<{ token: string }>('/v1/messages/preview', { draft }, 200);
  const message = await add<{ id: string }>('/v1/messages', { draft, token });
  const file = await add<{ id: string }>('/v1/attachments', { name: 'plan.pdf' });
  const goLive = await add<{ id: string }>('/v1/go-lives/estimate', { propertyIds: [propertyId], userTypes: ['tenant'] });
  return { messageId: message.id, attachmentId: file.id, goLiveId: goLive.id };
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
    read(`/v1/messages/${ids['messageId']}`),
    read(`/v1/go-lives/${ids['goLiveId']}`),
    owner.all('/v1/units'),
    owner.all('/v1/residents'),
    owner.all('/v1/messages'),
    read('/v1/views'),
    owner.all<{ id: string }>('/v1/sessions').then((sessions) => sessions.map(({ id }) => id)),
  ]);
}
