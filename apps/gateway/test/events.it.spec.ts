import { auditHeadSigned, newPropertyId, sessionStarted, staffChanged, staffInvited } from './support/contracts.js';
import { eventually, inTime, type Deployment } from '@leasewire/testing';
import { decodeCursor } from '../src/events/cursor.js';
import { EventStream } from './support/event-source.js';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity, type SignedInStub } from './support/stub-identity.js';
import { StubService } from './support/stub-service.js';

let deployment: Deployment;
let url: string;
let identity: StubIdentity;
let audit: StubService;
const everyone = { 'accounts.staff': 'full', 'accounts.audit': 'full' } as const;
const invite = (caller: SignedInStub, note: string, propertyId?: string) =>
  identity.stub
    .publish(
      staffInvited,
      { staff: { ...staffInvited.example.staff, name: note } },
      caller.orgId,
      propertyId === undefined ? {} : { propertyId },
    )
    .then((seq) => (identity.lastSeq = seq));
const namesOf = (envelopes: readonly { readonly data: { readonly staff?: { readonly name: string } } }[]) =>
  envelopes.map(({ data }) => data.staff?.name);
const open = (caller: SignedInStub, query = '', headers: Record<string, string> = {}) =>
  EventStream.open(`${url}/v1/stream${query}`, caller.token, headers);

beforeAll(async () => {
  deployment = await gatewayDeployment();
  identity = await StubIdentity.start(deployment);
  audit = await StubService.start('audit', deployment);
  url = (await startGateway(deployment, { LEASEWIRE_STREAMS_PER_CREDENTIAL: '3' })).url;
});

describe('the live stream', () => {
  it('gives what happens, and nothing of another organization', async () => {
    const [ana, ben] = [identity.signIn(everyone), identity.signIn(everyone)];
    const [a, b] = [await open(ana), await open(ben)];
    expect([a.status, a.response.headers['content-type']]).toEqual([200, 'text/event-stream']);
    await invite(ben, 'of ben');
    await invite(ana, 'one');
    await audit.publish(auditHeadSigned, auditHeadSigned.example, ana.orgId);
    await invite(ana, 'two');
    await eventually(() => expect(a.facts).toHaveLength(3));
    await eventually(() => expect(b.facts).toHaveLength(1));
    expect(namesOf(a.facts.filter(({ type }) => type === staffInvited.type))).toEqual(['one', 'two']);
    expect(namesOf(b.facts)).toEqual(['of ben']);
    expect(a.facts[0]).toMatchObject({ specversion: '1.0', orgid: ana.orgId, source: '/leasewire/identity' });
    a.close();
    b.close();
  });

  it('goes on from any id without a gap or a double, also on another replica', async () => {
    const other = (await startGateway(deployment)).url;
    const ana = identity.signIn(everyone);
    const first = await open(ana);
    await eventually(() => expect(first.lastId).not.toBe(''));
    for (let n = 0; n < 30; n++)
      await (n % 3 ? invite(ana, `n${n}`) : audit.publish(auditHeadSigned, auditHeadSigned.example, ana.orgId));
    await eventually(() => expect(first.facts).toHaveLength(30));
    // Each stream is in its own order; between streams there is none to keep.
    const bySource = (facts: { source: string; id: string }[]) =>
      ['identity', 'audit'].map((name) => facts.filter(({ source }) => source.endsWith(name)).map(({ id }) => id));
    first.close();
    for (const at of [0, 7, 29]) {
      const resumed = await EventStream.open(`${other}/v1/stream`, ana.token, { 'last-event-id': first.events[at]!.id });
      await eventually(() => expect(resumed.facts.length).toBeGreaterThanOrEqual(29 - at));
      await invite(ana, 'after');
      await eventually(() => expect(resumed.facts.length).toBeGreaterThan(29 - at));
      expect(bySource(resumed.facts.slice(0, 29 - at))).toEqual(bySource(first.facts.slice(at + 1)));
      resumed.close();
    }
  });

  it('gives the types that were asked for, and refuses others', async () => {
    const ana = identity.signIn({ 'accounts.staff': 'view' });
    const stream = await open(ana, `?types=${staffChanged.type},${sessionStarted.type}`);
    await invite(ana, 'not asked for');
    identity.lastSeq = await identity.stub.publish(staffChanged, staffChanged.example, ana.orgId);
    await eventually(() => expect(stream.facts.map(({ type }) => type)).toEqual([staffChanged.type]));
    stream.close();
    expect((await ask(url, '/v1/stream?types=identity.staff.hired.v9', { token: ana.token })).status).toBe(400);
    expect((await ask(url, `/v1/stream?types=${auditHeadSigned.type}`, { token: ana.token })).status).toBe(403);
  });

  it('keeps to the properties of whoever listens', async () => {
    const [ours, theirs] = [newPropertyId(), newPropertyId()];
    const ana = identity.signIn(everyone, { properties: [ours] });
    const stream = await open(ana);
    await invite(ana, 'theirs', theirs);
    await invite(ana, 'ours', ours);
    await invite(ana, 'of nobody');
    await eventually(() => expect(namesOf(stream.facts)).toEqual(['ours', 'of nobody']));
    stream.close();
  });

  it('shows what a permission lets see as soon as it changes, within a second', async () => {
    const ana = identity.signIn({ 'accounts.audit': 'view' });
    const stream = await open(ana);
    const takeAway = async () => {
      await identity.permit(ana, { 'accounts.audit': 'view' });
      await invite(ana, 'no more');
      await audit.publish(auditHeadSigned, auditHeadSigned.example, ana.orgId);
      await eventually(() => expect(stream.facts.at(-1)).toMatchObject({ type: auditHeadSigned.type }));
    };
    const seq = await invite(ana, 'not yet');
    await eventually(async () => {
      const { body } = await ask(url, '/v1/events?after=now', { token: ana.token });
      expect(decodeCursor(body.nextCursor)['identity']).toBeGreaterThanOrEqual(seq);
    });
    let attempts = 0;
    await inTime(1000, async () => {
      if (attempts++ > 0) await takeAway();
      const name = `now ${attempts}`;
      await identity.permit(ana, { 'accounts.audit': 'view', 'accounts.staff': 'view' });
      await invite(ana, name);
      return () => expect(namesOf(stream.facts).filter((one) => one === name)).toHaveLength(1);
    });
    expect(namesOf(stream.facts)).not.toContain('not yet');
    await takeAway();
    expect(namesOf(stream.facts)).not.toContain('no more');
    stream.close();
  });

  it('ends with its session, within a second, and says so', async () => {
    await inTime(1000, async () => {
      const ana = identity.signIn(everyone);
      const stream = await open(ana);
      await eventually(() => expect(stream.lastId).not.toBe(''));
      await identity.end(ana);
      return () => {
        expect(stream.ended).toBe(true);
        expect(stream.of('end')).toEqual([expect.objectContaining({ code: 'session.ended' })]);
      };
    });
  });

  it('may be open a few times for one session, and again when one was closed', async () => {
    const ana = identity.signIn(everyone);
    const streams = [await open(ana), await open(ana), await open(ana)];
    const fourth = await ask(url, '/v1/stream', { token: ana.token });
    expect([fourth.status, fourth.body.code]).toEqual([429, 'stream.too-many']);
    streams[0]!.close();
    await eventually(async () => {
      const again = await open(ana);
      streams.push(again);
      expect(again.status).toBe(200);
    });
    for (const stream of streams) stream.close();
  });

  it('does not keep others waiting for a client that does not read, who then misses nothing', async () => {
    const ana = identity.signIn(everyone);
    const slow = await open(ana);
    await eventually(() => expect(slow.lastId).not.toBe(''));
    slow.response.pause();
    const filler = 'x'.repeat(100);
    const many = 3000;
    const staff = { ...staffInvited.example.staff, userAgent: filler.repeat(10) };
    await Promise.all(
      Array.from({ length: many }, (_, n) =>
        identity.stub.publish(staffInvited, { staff: { ...staff, name: `s${n}` } }, ana.orgId),
      ),
    ).then((seqs) => (identity.lastSeq = Math.max(...seqs)));
    const quick = await open(ana, '?after=now');
    await invite(ana, 'last');
    await eventually(() => expect(namesOf(quick.facts)).toContain('last'));
    slow.response.resume();
    await eventually(() => expect(slow.facts).toHaveLength(many + 1), { timeoutMs: 10_000 });
    expect(new Set(slow.facts.map(({ id }) => id)).size).toBe(many + 1);
    slow.close();
    quick.close();
  });
});

describe('the feed', () => {
  const list = (caller: SignedInStub, query: string) => ask(url, `/v1/events${query}`, { token: caller.token });

  it('replays everything, page by page, and the cursor advances also past what is not for the caller', async () => {
    const ana = identity.signIn(everyone);
    const ben = identity.signIn(everyone);
    for (let n = 0; n < 12; n++) await invite(n % 2 ? ana : ben, `p${n}`);
    const seen: string[] = [];
    let query = '?limit=2';
    for (;;) {
      const { status, body } = await list(ana, query);
      expect(status).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(2);
      seen.push(...(namesOf(body.items) as string[]));
      query = `?limit=2&after=${body.nextCursor}`;
      if (!body.more) break;
    }
    expect(seen).toEqual(['p1', 'p3', 'p5', 'p7', 'p9', 'p11']);
    await invite(ben, 'not for ana');
    await eventually(async () => {
      const { body } = await list(ana, query.replace('limit=2', 'limit=5'));
      expect(`?limit=2&after=${body.nextCursor}`).not.toBe(query);
      expect(body.items).toEqual([]);
    });
  });

  it('waits for the next event when asked to', async () => {
    const ana = identity.signIn(everyone);
    const { body: now } = await list(ana, '?after=now');
    const waiting = list(ana, `?after=${now.nextCursor}&wait=10`);
    await invite(ana, 'worth waiting for');
    const { body } = await waiting;
    expect(namesOf(body.items)).toEqual(['worth waiting for']);
    const startedAt = performance.now();
    const empty = await list(ana, `?after=${body.nextCursor}&wait=1`);
    expect(empty.body.items).toEqual([]);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });

  it('does not wait on for whoever is signed out meanwhile', async () => {
    const ana = identity.signIn(everyone);
    const waiting = list(ana, '?after=now&wait=10');
    await eventually(() => identity.resolved > 0);
    await identity.end(ana);
    expect((await waiting).status).toBe(401);
  });

  it('says when what comes after a cursor is not kept any more', async () => {
    const ana = identity.signIn(everyone);
    const gone = Buffer.from(JSON.stringify({ identity: 999_999, audit: 0 })).toString('base64url');
    const { status, body } = await list(ana, `?after=${gone}`);
    expect([status, body.code]).toEqual([410, 'cursor.expired']);
    expect((await list(ana, `?after=${body.details.oldest}`)).status).toBe(200);
    expect((await list(ana, '?after=nonsense')).body.code).toBe('cursor.invalid');
    const stream = await open(ana, '', { 'last-event-id': gone });
    await eventually(() => expect(stream.of('gap')).toEqual([expect.objectContaining({ code: 'cursor.expired' })]));
    await invite(ana, 'after the gap');
    await eventually(() => expect(namesOf(stream.facts).filter((name) => name === 'after the gap')).toHaveLength(1));
    stream.close();
  });
});

describe('at a shutdown', () => {
  it('streams end, and waiting requests are answered', async () => {
    const { service, url: leaving } = await startGateway(deployment);
    const ana = identity.signIn(everyone);
    const stream = await EventStream.open(`${leaving}/v1/stream`, ana.token);
    const waiting = ask(leaving, '/v1/events?after=now&wait=20', { token: ana.token });
    await eventually(() => expect(stream.lastId).not.toBe(''));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const startedAt = performance.now();
    await service.close();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(stream.ended).toBe(true);
    expect((await waiting).status).toBe(200);
  });
});
