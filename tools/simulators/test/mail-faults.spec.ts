import { catching, closeAll, failure, letter, posted, told, transportTo, type Catching } from './post.js';

const ann = 'ann@example.test';
const bob = 'bob@example.test';
const lost = { code: expect.stringMatching(/ECONN|ESOCKET/) as string };

describe('a mail that meets a fault', () => {
  afterEach(closeAll);

  const fail = async ({ url }: Catching, fault: Record<string, unknown>) => {
    const reply = await posted(`${url}/faults`, fault);
    expect(reply.status).toBe(200);
  };
  const counts = ({ url }: Catching) => told<{ accepted: number; answered: number }>(`${url}/counts`);

  it.each([
    ['450 at RCPT', { kind: 'reject', at: 'rcpt', code: 450 }, { code: 'EENVELOPE', responseCode: 450 }, 0],
    ['550 at RCPT', { kind: 'reject', at: 'rcpt', code: 550 }, { code: 'EENVELOPE', responseCode: 550 }, 0],
    ['451 after DATA', { kind: 'reject', at: 'end', code: 451 }, { code: 'EMESSAGE', responseCode: 451 }, 0],
    [
      '554 after DATA',
      { kind: 'reject', at: 'end', code: 554, text: '5.7.9 No' },
      { responseCode: 554, response: '554 5.7.9 No' },
      0,
    ],
    ['552 at MAIL', { kind: 'reject', at: 'mail', code: 552 }, { code: 'EENVELOPE', responseCode: 552 }, 0],
    ['454 at AUTH', { kind: 'reject', at: 'auth', code: 454 }, { code: 'EAUTH', responseCode: 454 }, 0],
    ['421 instead of a greeting', { kind: 'reject', at: 'connect', code: 421 }, { responseCode: 421 }, 0],
    ['a greylist', { kind: 'greylist' }, { code: 'EENVELOPE', responseCode: 450 }, 0],
    ['more than so many a minute', { kind: 'rate-limit', perMinute: 0 }, { code: 'EENVELOPE', responseCode: 421 }, 0],
    ['a connection that is cut before the greeting', { kind: 'drop', at: 'connect' }, lost, 0],
    ['a connection that is cut at RCPT', { kind: 'drop', at: 'rcpt' }, lost, 0],
    ['a connection that is cut before DATA', { kind: 'drop', at: 'data' }, lost, 0],
    ['a connection that is cut in the content', { kind: 'drop', at: 'content' }, lost, 0],
    ['a connection that is cut after the mail was accepted', { kind: 'drop', at: 'end' }, lost, 1],
    ['a server that accepts and then says nothing', { kind: 'slow', at: 'end', ms: 5_000 }, { code: 'ETIMEDOUT' }, 1],
    ['a server that does not greet', { kind: 'slow', at: 'connect', ms: 5_000 }, { code: 'ETIMEDOUT' }, 0],
  ])('%s', async (_name, fault, error, accepted) => {
    const post = await catching();
    await fail(post, { ...fault, times: 1 });
    const transport = transportTo(post, { socketTimeout: 300, greetingTimeout: 300 });
    expect(await failure(transport.sendMail(letter(ann)))).toMatchObject(error);
    expect(await counts(post)).toMatchObject({ accepted, answered: 0 });
    await transport.sendMail(letter(ann));
    expect(await counts(post)).toMatchObject({ accepted: accepted + 1, answered: 1 });
  });

  it('finds nobody listening, and the same address when the outage is over', async () => {
    const post = await catching();
    const pool = transportTo(post, { pool: true, maxConnections: 1 });
    await pool.sendMail(letter(ann));
    await fail(post, { kind: 'refuse' });
    expect(await failure(transportTo(post).sendMail(letter(ann)))).toMatchObject({
      code: expect.stringMatching(/ECONNREFUSED|ESOCKET/) as string,
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
    expect((await failure(pool.sendMail(letter(ann)))).message).toMatch(/ECONNREFUSED|closed|ECONNRESET/);
    await fetch(`${post.url}/faults`, { method: 'DELETE' });
    await transportTo(post).sendMail(letter(ann));
    expect(await counts(post)).toMatchObject({ accepted: 2, answered: 2 });
    await fail(post, { kind: 'refuse', ms: 50 });
    while (post.catcher.faults.refusing) await new Promise(setImmediate);
    await transportTo(post).sendMail(letter(ann));
  });

  it('is limited by the minute, and the connection with it', async () => {
    const post = await catching();
    await fail(post, { kind: 'rate-limit', perMinute: 3 });
    const pool = transportTo(post, { pool: true, maxConnections: 1, maxRequeues: 0 });
    const sent = await Promise.allSettled(Array.from({ length: 5 }, () => pool.sendMail(letter(ann))));
    expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  });

  it('is greylisted for as long as it was said, each recipient alone', async () => {
    const post = await catching();
    await fail(post, { kind: 'greylist', ms: 60_000 });
    for (const to of [ann, ann, bob])
      expect(await failure(transportTo(post).sendMail(letter(to)))).toMatchObject({ responseCode: 450 });
    await post.catcher.clear();
    await fail(post, { kind: 'greylist' });
    expect(await failure(transportTo(post).sendMail(letter(ann)))).toMatchObject({ responseCode: 450 });
    await transportTo(post).sendMail(letter(ann));
    expect(await failure(transportTo(post).sendMail(letter(bob)))).toMatchObject({ responseCode: 450 });
  });

  it('meets only what is meant for it', async () => {
    const post = await catching();
    const transport = transportTo(post);
    const isRefused = async (to: string, from?: string) =>
      (await failure(transport.sendMail(letter(to, from === undefined ? {} : { from })))).responseCode === 550;
    await fail(post, { kind: 'reject', to: 'ann@*' });
    expect([await isRefused(ann), await isRefused('ANN@other.test'), await isRefused(bob)]).toEqual([true, true, false]);
    await post.catcher.clear();
    await fail(post, { kind: 'reject', from: '*@pier.test', after: 1, times: 1 });
    const senders = ['no-reply@harbor.test', 'a@pier.test', 'b@pier.test', 'c@pier.test'];
    const refused: boolean[] = [];
    for (const from of senders) refused.push(await isRefused(ann, from));
    expect(refused).toEqual([false, false, true, false]);
    expect((await posted(`${post.url}/faults`, { kind: 'reject', at: 'content' })).status).toBe(400);
    expect((await posted(`${post.url}/faults`, { kind: 'nothing' })).status).toBe(400);
  });

  it('by chance, the same for the same seed', async () => {
    const refusedOf = async (seed: number) => {
      const post = await catching({ seed });
      await fail(post, { kind: 'reject', probability: 0.3 });
      const transport = transportTo(post, { pool: true, maxConnections: 1, maxMessages: Infinity });
      const sent = await Promise.allSettled(
        Array.from({ length: 60 }, (_, at) => transport.sendMail(letter(`r${at}@example.test`))),
      );
      return sent.map(({ status }) => status);
    };
    const first = await refusedOf(5);
    const rejected = first.filter((status) => status === 'rejected').length;
    expect([rejected > 8, rejected < 30]).toEqual([true, true]);
    expect(await refusedOf(5)).toEqual(first);
    expect(await refusedOf(6)).not.toEqual(first);
  });
});
