import { DomainError, type InputOf, type OutputOf, type RpcContract } from '@leasewire/contracts';
import { Controller, type INestMicroservice } from '@nestjs/common';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  Call,
  connectNats,
  currentContext,
  newId,
  Rpc,
  RpcClient,
  RpcServer,
  via,
  type CallOptions,
  type RpcObserver,
  type RpcServerOptions,
} from '../src/index.js';
import { ConnectionState } from '../src/connection-state.js';
import { greet, invite, org, recordingLog, staff, tidy, Trust } from './fixtures.js';
import { NatsServer } from './nats-server.js';
import { nestApp } from './nest-app.js';
import { gate, until } from './until.js';

let nats: NatsServer;
let gatewayConnection: NatsConnection;
let identityConnection: NatsConnection;
let client: RpcClient;
let app: INestMicroservice | undefined;
const trust = new Trust();
const log = recordingLog();

beforeAll(async () => {
  nats = await NatsServer.start();
});
afterAll(() => nats.stop());

beforeEach(async () => {
  log.lines.length = 0;
  [gatewayConnection, identityConnection] = await Promise.all([
    connectNats({ url: nats.url, service: 'gateway' }, log),
    connectNats({ url: nats.url, service: 'identity' }, log),
  ]);
  client = new RpcClient(gatewayConnection, log);
});
afterEach(async () => {
  // whatever became of a test that had stopped it, the next one needs it
  if (!nats.running) await nats.up();
  await app?.close();
  app = undefined;
  client.close();
  await Promise.all([gatewayConnection.close(), identityConnection.close()]);
});

type Answer<C extends RpcContract> = (input: unknown, call: Call) => Promise<OutputOf<C>>;
let onGreet: Answer<typeof greet>;
let onInvite: Answer<typeof invite>;
let onTidy: Answer<typeof tidy>;
beforeEach(() => {
  onGreet = (input) => Promise.resolve({ greeting: `hello ${(input as InputOf<typeof greet>).name}` });
  onInvite = (input) => Promise.resolve({ id: 'x', role: (input as { role: string }).role, version: 3 });
  onTidy = () => Promise.resolve(undefined);
});

@Controller()
class Identity {
  @Rpc(greet)
  greet(input: { name: string }, call: Call) {
    return onGreet(input, call);
  }
  @Rpc(invite)
  invite(input: { email: string; role: string }, call: Call) {
    return onInvite(input, call);
  }
  @Rpc(tidy)
  tidy(_input: undefined, call: Call) {
    return onTidy(_input, call);
  }
}

async function serve(options: Partial<RpcServerOptions> = {}): Promise<RpcServer> {
  const server = new RpcServer({
    connection: identityConnection,
    service: 'identity',
    assertions: trust.assertions('identity'),
    log,
    checkOutputs: true,
    ...options,
  });
  app = await nestApp(server, Identity);
  await identityConnection.flush();
  return server;
}

const as = (actor = staff(), more: Partial<CallOptions> = {}): CallOptions => ({
  assertion: trust.assertions('gateway').forActor(actor),
  correlationId: 'cor-1',
  ...more,
});
const service = (more: Partial<CallOptions> = {}): CallOptions => ({
  assertion: trust.assertions('gateway').forService(org),
  correlationId: 'cor-1',
  ...more,
});
const errorOf = (promise: Promise<unknown>): Promise<DomainError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: DomainError) => error,
  );
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: DomainError) => error.code,
  );

describe('a call', () => {
  it('reaches its handler with parsed input and a verified caller, and its result comes back', async () => {
    await serve();
    const actor = staff();
    let seen: Call | undefined;
    onInvite = (input, call) => {
      seen = call;
      expect(currentContext.getStore()).toMatchObject({
        correlationId: 'cor-1',
        doing: 'identity.invite',
        actor: actor.ref,
        orgId: org,
      });
      return Promise.resolve({ id: 'inv', role: (input as { role: string }).role, version: 3 });
    };
    const result = await client.call(
      invite,
      { email: 'ana@example.com' },
      as(actor, { idempotencyKey: 'k1', traceparent: 't1' }),
    );
    expect(result).toEqual({ id: 'inv', role: 'employee', version: 3 });
    expect(seen).toMatchObject({
      method: 'identity.invite',
      actor,
      correlationId: 'cor-1',
      idempotencyKey: 'k1',
      traceparent: 't1',
      orgId: org,
    });
    expect(seen?.inputHash).toHaveLength(43);
  });

  it('may have neither input nor output', async () => {
    await serve();
    await expect(client.call(tidy, undefined, service())).resolves.toBeUndefined();
  });

  it('hands the reply on as bytes, with version and whether it was a replay', async () => {
    await serve();
    onInvite = (_input, call) => {
      call.replayed = true;
      return Promise.resolve({ id: 'x', role: 'owner', version: 7 });
    };
    const reply = await client.callRaw(invite, { email: 'a' }, as());
    expect({ ...reply, body: Buffer.from(reply.body).toString() }).toEqual({
      ok: true,
      version: 7,
      replayed: true,
      body: '{"id":"x","role":"owner","version":7}',
    });
  });

  it.each([
    ['input that does not fit', () => client.call(greet, { name: '' }, as()), 'invalid-input'],
    ['no assertion', () => client.call(greet, { name: 'a' }, { assertion: 'x', correlationId: 'c' }), 'unauthenticated'],
    [
      'a permission that is only held in part',
      () => client.call(invite, { email: 'a' }, as(staff({ permissions: { 'accounts.staff': 'view' } }))),
      'forbidden',
    ],
    ['a person where only services may', () => client.call(tidy, undefined, as()), 'forbidden'],
    ['someone of no organization', () => client.call(greet, { name: 'a' }, as(staff({ orgId: null }))), 'forbidden'],
  ])('with %s is refused by the owner', async (_name, call, code) => {
    await serve();
    const ran = jest.fn();
    onGreet = onInvite = onTidy = ran;
    expect(await codeOf(call())).toBe(code);
    expect(ran).not.toHaveBeenCalled();
  });

  it('names each field that is wrong', async () => {
    await serve();
    const error = await errorOf(client.call(invite, { email: 7 } as never, as()));
    expect(error.details).toEqual({ fields: [{ path: 'email', message: expect.stringContaining('expected string') as string }] });
  });

  it('that is not JSON is refused', async () => {
    await serve();
    const raw = await gatewayConnection.request('rpc.identity.greet', '{"name":', { timeout: 1000 });
    expect(raw.headers?.get('lw-ok')).toBe('0');
    expect(raw.json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('that the owner refuses comes back as the same error', async () => {
    await serve();
    onGreet = () => Promise.reject(new DomainError('conflict.state', 'Not now.', { now: 1 }));
    await expect(client.call(greet, { name: 'a' }, as())).rejects.toMatchObject({
      name: 'DomainError',
      code: 'conflict.state',
      message: 'Not now.',
      details: { now: 1 },
    });
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('that fails unexpectedly tells the caller only a number, and the log everything', async () => {
    await serve();
    onGreet = () => Promise.reject(new Error('the password is hunter2'));
    const error = await errorOf(client.call(greet, { name: 'a' }, as()));
    expect(error.code).toBe('internal');
    expect(error.message).toContain('cor-1');
    expect(JSON.stringify(error.toBody())).not.toContain('hunter2');
    expect(log.lines.find(({ level }) => level === 'error')?.fields).toMatchObject({
      correlationId: 'cor-1',
      method: 'identity.greet',
      err: expect.objectContaining({ stack: expect.stringContaining('hunter2') as string }) as Error,
    });
  });

  it('whose result is not what the contract says fails where that is checked', async () => {
    await serve();
    onGreet = () => Promise.resolve({ hello: 1 } as never);
    expect(await codeOf(client.call(greet, { name: 'a' }, as()))).toBe('internal');
  });

  it('that ends with what the contract does not name fails where that is checked', async () => {
    await serve();
    onGreet = () => Promise.reject(new DomainError('not-found', 'Nobody.'));
    expect(await codeOf(client.call(greet, { name: 'a' }, as()))).toBe('internal');
    expect(JSON.stringify(log.lines.map(({ fields }) => String(fields['err'])))).toContain('ended with not-found');
  });

  it('cannot smuggle a header in by a line break', async () => {
    await serve();
    expect(await codeOf(client.call(greet, { name: 'a' }, as(staff(), { correlationId: 'x\r\nlw-assertion: y' })))).toBe(
      'invalid-input',
    );
  });

  it('too large for one message says so at once, and so does a reply', async () => {
    await serve();
    expect(await codeOf(client.call(greet, { name: 'x'.repeat(1_100_000) }, as()))).toBe('payload-too-large');
    onGreet = () => Promise.resolve({ greeting: 'x'.repeat(1_100_000) });
    expect(await codeOf(client.call(greet, { name: 'a' }, as()))).toBe('payload-too-large');
  });

  it('is counted by the observer with its outcome', async () => {
    const seen: string[] = [];
    const observer: RpcObserver = {
      started: (method) => seen.push(method),
      finished: (method, outcome, ms) => seen.push(`${method} ${outcome} ${ms >= 0}`),
    };
    await serve({ observer });
    await client.call(greet, { name: 'a' }, as());
    await codeOf(client.call(greet, { name: '' }, as()));
    await until(() => seen.length === 4);
    expect(seen).toEqual(['identity.greet', 'identity.greet ok true', 'identity.greet', 'identity.greet invalid-input true']);
  });
});

describe('a service that is away', () => {
  it('is unavailable at once, not after a timeout', async () => {
    const started = performance.now();
    expect(await codeOf(client.call(greet, { name: 'a' }, as(staff(), { timeoutMs: 5000 })))).toBe('unavailable');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('and comes back within the pause of a retry is not noticed, by a query or a command', async () => {
    const calls = [client.call(greet, { name: 'a' }, as()), client.call(invite, { email: 'a' }, as())] as const;
    await serve();
    await Promise.all(calls);
  });

  it('that never answers times out, and a command says that it may have been done', async () => {
    await serve({ closeDeadlineMs: 10 });
    onGreet = () => new Promise(() => undefined);
    onInvite = () => new Promise(() => undefined);
    const [query, command] = await Promise.all([
      client.call(greet, { name: 'a' }, as(staff(), { timeoutMs: 200 })).catch((e: DomainError) => e),
      client.call(invite, { email: 'a' }, as(staff(), { timeoutMs: 200 })).catch((e: DomainError) => e),
    ]);
    expect(query).toMatchObject({ code: 'timeout' });
    expect(command).toMatchObject({ code: 'timeout', message: expect.stringContaining('may have been made') as string });
    expect(client.inFlight).toBe(0);
  });
});

describe('a call that a person waits for', () => {
  const patient = { timeoutMs: 60_000 };
  const attended = { ...patient, attended: true };
  /** Takes what it is asked and stands still, as a process does after SIGSTOP. */
  const stoodStill = async () => {
    identityConnection.subscribe('rpc.identity.>', { queue: 'identity', callback: () => undefined });
    await identityConnection.flush();
  };
  const secondsOf = async (work: Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work;
    return (performance.now() - started) / 1000;
  };

  it('ends when its owner shows no sign of life, and a command says that it may have been done', async () => {
    await stoodStill();
    const [query, command] = [
      errorOf(client.call(greet, { name: 'a' }, as(staff(), attended))),
      errorOf(client.call(invite, { email: 'a' }, as(staff(), attended))),
    ];
    expect(await secondsOf(Promise.all([query, command]))).toBeLessThan(10); // of the minute that it might take
    expect(await query).toMatchObject({ code: 'unavailable' });
    expect(await command).toMatchObject({ code: 'timeout', message: expect.stringContaining('may have been made') as string });
    expect(client.inFlight).toBe(0);
  });

  it('goes on as long as its owner is at work, also while it waits for its turn', async () => {
    await serve({ concurrency: 1 });
    const held = gate();
    onGreet = async (input) => {
      await held.promise;
      return { greeting: (input as { name: string }).name };
    };
    const calls = ['runs', 'waits'].map((name) => client.call(greet, { name }, as(staff(), attended)));
    // Longer than an owner may be silent: one of another service is given up meanwhile.
    const other = await connectNats({ url: nats.url, service: 'audit' }, log);
    other.subscribe('rpc.audit.greet', { callback: () => undefined });
    await other.flush();
    const mute = { ...greet, name: 'audit.greet', service: 'audit' } as typeof greet;
    expect(await codeOf(client.call(mute, { name: 'a' }, as(staff(), attended)))).toBe('unavailable');
    await other.close();
    held.open();
    expect(await Promise.all(calls)).toEqual([{ greeting: 'runs' }, { greeting: 'waits' }]);
  });

  it('does not wait long for a broker that is away', async () => {
    await serve();
    await nats.down();
    await until(() => !ConnectionState.of(gatewayConnection).connected);
    const call = errorOf(client.call(invite, { email: 'a' }, as(staff(), attended)));
    expect(await secondsOf(call)).toBeLessThan(10);
    expect(await call).toMatchObject({ code: 'unavailable' });
    await nats.up();
  });

  it('and was on its way when the broker went says that it may have been done, though nobody could be reached again', async () => {
    await serve({ closeDeadlineMs: 10 });
    const began = gate();
    onInvite = () => {
      began.open();
      return new Promise(() => undefined);
    };
    const call = errorOf(client.call(invite, { email: 'a' }, as(staff(), attended)));
    await began.promise;
    await nats.down();
    expect(await call).toMatchObject({ code: 'timeout', message: expect.stringContaining('may have been made') as string });
    await nats.up();
  });

  it('tells whoever is asked, who asks on as one whom a person waits for', async () => {
    await serve();
    const seen: (boolean | undefined)[] = [];
    onGreet = (_input, call) => {
      seen.push(via(call, trust.assertions('identity')).attended);
      return Promise.resolve({ greeting: '' });
    };
    await client.call(greet, { name: 'a' }, as(staff(), attended));
    await client.call(greet, { name: 'a' }, as(staff(), patient));
    const gateway = new RpcClient(gatewayConnection, log, true);
    await gateway.call(greet, { name: 'a' }, as(staff(), patient));
    gateway.close();
    expect(seen).toEqual([true, undefined, true]);
  });
});

describe('an idempotency key', () => {
  const keysOf = async (options: CallOptions, times: number): Promise<(string | undefined)[]> => {
    const keys: (string | undefined)[] = [];
    onInvite = (_input, call) => {
      keys.push(call.idempotencyKey);
      return Promise.resolve({ id: 'x', role: 'y', version: 1 });
    };
    for (let i = 0; i < times; i++) await client.call(invite, { email: 'a' }, options);
    return keys;
  };

  it('is made up for a command that has none, another for each', async () => {
    await serve();
    const [first, second] = await keysOf(as(), 2);
    expect(first).toMatch(/^call_/);
    expect(second).not.toBe(first);
  });

  it('is the same whenever the same cause calls with the same input', async () => {
    await serve();
    const [first, second] = await keysOf(as(staff(), { idempotencyBase: 'handler:evt_1' }), 2);
    const [third] = await keysOf(as(staff(), { idempotencyBase: 'handler:evt_2' }), 1);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('stays the same when an overloaded owner is asked again, and a first try still at work is waited for', async () => {
    await serve();
    const keys: (string | undefined)[] = [];
    const answers = ['unavailable', 'idempotency.in-progress', 'idempotency.in-progress', undefined];
    onInvite = (_input, call) => {
      keys.push(call.idempotencyKey);
      const code = answers.shift();
      return code ? Promise.reject(new DomainError(code, 'later')) : Promise.resolve({ id: 'x', role: 'y', version: 1 });
    };
    expect(await client.call(invite, { email: 'a' }, as(staff(), { timeoutMs: 3000 }))).toMatchObject({ id: 'x' });
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
  });

  it('that someone else is using is not waited for', async () => {
    await serve();
    onInvite = () => Promise.reject(new DomainError('idempotency.in-progress', 'still running'));
    expect(await codeOf(client.call(invite, { email: 'a' }, as()))).toBe('idempotency.in-progress');
  });
});

describe('an overloaded service', () => {
  it('answers “unavailable” to what exceeds its queue, and serves the rest in order', async () => {
    await serve({ concurrency: 2, queue: 3 });
    const held = gate();
    let running = 0;
    let most = 0;
    onGreet = async (input) => {
      most = Math.max(most, ++running);
      await held.promise;
      running--;
      return { greeting: (input as { name: string }).name };
    };
    const outcomes = Array.from({ length: 9 }, (_, i) =>
      codeOf(client.call(greet, { name: String(i) }, as(staff(), { timeoutMs: 4000 }))),
    );
    const refused = outcomes.slice(5);
    expect(await Promise.all(refused)).toEqual(['unavailable', 'unavailable', 'unavailable', 'unavailable']);
    held.open();
    expect(await Promise.all(outcomes.slice(0, 5))).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect(most).toBe(2);
  });

  it('does not begin what its caller has given up', async () => {
    await serve({ concurrency: 1, queue: 10 });
    const held = gate();
    const began: string[] = [];
    onGreet = async (input) => {
      began.push((input as { name: string }).name);
      await held.promise;
      return { greeting: '' };
    };
    const first = client.call(greet, { name: 'first' }, as(staff(), { timeoutMs: 5000 }));
    const late = codeOf(client.call(greet, { name: 'late' }, as(staff(), { timeoutMs: 100 })));
    expect(await late).toBe('timeout');
    held.open();
    await first;
    await client.call(greet, { name: 'next' }, as());
    expect(began).toEqual(['first', 'next']);
  });
});

describe('a server that shuts down', () => {
  it('finishes what has begun before it lets go, and takes nothing new', async () => {
    await serve();
    const held = gate();
    const began = gate();
    onGreet = async (input) => {
      if ((input as { name: string }).name === 'b') return { greeting: 'still there' };
      began.open();
      await held.promise;
      return { greeting: 'done' };
    };
    const answer = client.call(greet, { name: 'a' }, as(staff(), { timeoutMs: 5000 }));
    await began.promise;
    const closed = app!.close();
    app = undefined;
    await until(async () => (await codeOf(client.call(greet, { name: 'b' }, as()))) === 'unavailable');
    held.open();
    expect(await answer).toEqual({ greeting: 'done' });
    await closed;
  });

  it('waits no longer than its deadline', async () => {
    await serve({ closeDeadlineMs: 50 });
    const began = gate();
    onGreet = () => {
      began.open();
      return new Promise(() => undefined);
    };
    void codeOf(client.call(greet, { name: 'a' }, as()));
    await began.promise;
    await app!.close();
    app = undefined;
    expect(log.has('still running at shutdown')).toBe(true);
  });
});

describe('a server that is declared wrongly fails at boot', () => {
  it.each([
    ['a contract of another service', () => [Identity], 'audit', 'cannot answer identity.greet'],
    ['two handlers for one call', () => [Identity, Twin], 'identity', 'has two handlers'],
  ])('with %s', async (_name, controllers, name, reason) => {
    @Controller()
    class Unused {}
    const server = new RpcServer({
      connection: identityConnection,
      service: name,
      assertions: trust.assertions('identity'),
      log,
    });
    await expect(nestApp(server, Unused, ...controllers())).rejects.toThrow(reason);
  });

  @Controller()
  class Twin {
    @Rpc(greet)
    greet(input: { name: string }) {
      return Promise.resolve({ greeting: input.name });
    }
  }
});

describe('when the broker goes away', () => {
  it('a call waits for it within its own time, and everything goes on when it is back', async () => {
    await serve();
    await nats.down();
    await until(() => !ConnectionState.of(gatewayConnection).connected);
    const during = client.call(greet, { name: 'during' }, as(staff(), { timeoutMs: 8000 }));
    const impatient = codeOf(client.call(greet, { name: 'no' }, as(staff(), { timeoutMs: 100 })));
    expect(await impatient).toBe('unavailable');
    await nats.up();
    expect(await during).toEqual({ greeting: 'hello during' });
    expect(await client.call(greet, { name: 'after' }, as())).toEqual({ greeting: 'hello after' });
  });

  it('a call that was on its way goes out again under the same key', async () => {
    await serve();
    const keys: (string | undefined)[] = [];
    const held = gate();
    onInvite = async (_input, call) => {
      keys.push(call.idempotencyKey);
      if (keys.length === 1) await held.promise;
      return { id: String(keys.length), role: 'x', version: 1 };
    };
    const answer = client.call(invite, { email: 'a' }, as(staff(), { timeoutMs: 8000 }));
    await until(() => keys.length === 1);
    await nats.down();
    await nats.up();
    held.open();
    expect(await answer).toMatchObject({ id: '2' });
    expect(keys[1]).toBe(keys[0]);
  });

  it('a client that was closed says so', async () => {
    client.close();
    expect(await codeOf(client.call(greet, { name: 'a' }, as()))).toBe('unavailable');
  });
});

it('a stranger’s connection without our settings can be used too', async () => {
  await serve();
  const plain = await connect({ servers: nats.url });
  const other = new RpcClient(plain);
  expect(await other.call(greet, { name: newId('per') }, as())).toMatchObject({
    greeting: expect.stringContaining('per_') as string,
  });
  other.close();
  await plain.close();
});
