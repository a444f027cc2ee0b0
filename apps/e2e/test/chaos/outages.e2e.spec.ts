import { eventually, freshMongo, freshNats, type MongoServer, type NatsServer } from '@leasewire/testing';
import { Ledger, Platform, type Api } from '../../src/index.js';

/** Three seconds in `npm test`; `npm run test:chaos` keeps them away for thirty. */
const awayMs = Number(process.env['LEASEWIRE_CHAOS_AWAY_MS'] ?? 3_000);
type Server = MongoServer | NatsServer;
const killed = {
  goes: (server: Server): Promise<unknown> => server.stop('SIGKILL'),
  comes: (server: Server): Promise<unknown> => server.start(),
};
/** As a virtual machine that is moved, or a disk that does not answer: connections stay, and nothing comes over them. */
const standingStill = {
  goes: (server: Server): Promise<unknown> => server.pause(),
  comes: (server: Server): Promise<unknown> => {
    server.resume();
    return Promise.resolve();
  },
};
const away = () => new Promise((resolve) => setTimeout(resolve, awayMs));

describe(`when a server is away for ${awayMs / 1000} s`, () => {
  let platform: Platform;
  let mongo: MongoServer;
  let nats: NatsServer;
  let owner: Api;
  beforeAll(async () => {
    [mongo, nats] = await Promise.all([freshMongo(), freshNats({ trust: true, declaredHandlers: true })]);
    platform = await Platform.start({ replicas: 1, mongoUri: mongo.uri, nats });
    owner = await platform.as('owner');
  }, 240_000);

  it.each([
    ['NATS killed and started again', () => nats, killed],
    ['MongoDB killed and started again', () => mongo, killed],
    ['NATS standing still', () => nats, standingStill],
    ['MongoDB standing still', () => mongo, standingStill],
  ] as const)(
    '%s: answers 503 in time meanwhile, then everything goes on by itself and nothing is lost',
    async (_name, server, { goes, comes }) => {
      const ledger = new Ledger(owner);
      for (let n = 0; n < 5; n++) await ledger.change();
      const pids = platform.processes().map(({ pid }) => pid);

      await goes(server());
      const asked = performance.now();
      const answer = await owner.ask<{ code: string }>('GET', '/v1/roles');
      expect(performance.now() - asked).toBeLessThan(2_500);
      expect(answer.status).toBe(503);
      expect(['unavailable', 'timeout']).toContain(answer.body.code);
      const flow = Promise.all(Array.from({ length: 4 }, () => ledger.change()));
      await away();
      await comes(server());

      await flow;
      try {
        await eventually(() => ledger.assertExact(), { timeoutMs: 20_000, everyMs: 500, what: 'agreement of all books' });
      } catch (error) {
        process.stderr.write(platform.stack.logs());
        throw error;
      }
      expect(platform.processes().map(({ pid }) => pid)).toEqual(pids);
    },
    120_000 + awayMs,
  );

  it('a service that is away gives 503 at once, and its answers are back when it is', async () => {
    const [identity] = platform.processes('identity');
    if (!identity) throw new Error('no identity');
    await identity.kill('SIGKILL');
    const asked = performance.now();
    expect((await owner.ask('GET', '/v1/roles')).status).toBe(503);
    expect(performance.now() - asked).toBeLessThan(2_500);
    await platform.replace(identity);
    await eventually(async () => {
      expect((await owner.ask('GET', '/v1/roles')).status).toBe(200);
    });
  }, 30_000);
});
