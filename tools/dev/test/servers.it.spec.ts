import { readFileSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { Scene, isRunning, until } from './scene.js';

/** What nats-server tells whoever connects. */
function natsInfo(url: string): Promise<{ jetstream?: boolean; version: string }> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.once('error', reject).once('data', (data) => {
      socket.destroy();
      resolve(JSON.parse(data.toString().slice('INFO '.length)) as { jetstream?: boolean; version: string });
    });
  });
}

async function inDatabase<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 15_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

const write = (uri: string, word: string) =>
  inDatabase(uri, (client) =>
    client
      .db('test')
      .collection('words')
      .insertOne({ word }, { writeConcern: { w: 'majority', journal: true } }),
  );
const words = (uri: string) =>
  inDatabase(uri, async (client) =>
    (await client.db('test').collection('words').find().toArray()).map(({ word }): unknown => word),
  );

describe('npm start with servers of its own', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.make({ servers: true });
  });
  afterEach(() => scene.close());

  it('runs a replica set and JetStream that syncs every write, on this machine only', async () => {
    await scene.ready();
    const { mongodb, nats } = scene.endpoints;
    expect(await natsInfo(nats.url)).toMatchObject({ jetstream: true });
    expect(readFileSync(join(scene.home, 'nats', 'nats.conf'), 'utf8')).toContain('sync_interval: always');
    await inDatabase(mongodb.uri, async (client) => {
      await client.withSession((session) =>
        session.withTransaction((tx) => client.db('test').collection('t').insertOne({}, { session: tx })),
      );
      const { parsed } = (await client.db('admin').command({ getCmdLineOpts: 1 })) as { parsed: { net: { bindIp: string } } };
      expect(parsed.net.bindIp).toBe('127.0.0.1');
    });
  });

  it('keeps the data over a restart, also when another program took the ports meanwhile', async () => {
    const first = await scene.ready();
    const { mongodb, nats } = scene.endpoints;
    await write(mongodb.uri, 'kept');
    expect(await first.stop()).toMatchObject({ code: 0 });

    const ports = [new URL(mongodb.uri).port, new URL(nats.url).port].map(Number);
    const squatters = await Promise.all(
      ports.map(
        (port) =>
          new Promise<ReturnType<typeof createServer>>((done) => {
            const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1', () => done(server));
          }),
      ),
    );
    try {
      await scene.ready();
      expect(scene.endpoints.mongodb.uri).not.toBe(mongodb.uri);
      expect(await words(scene.endpoints.mongodb.uri)).toEqual(['kept']);
    } finally {
      for (const server of squatters) server.close();
    }
  });

  it('starts killed servers again, with the same address and nothing lost', async () => {
    await scene.ready();
    const { mongodb, nats } = scene.endpoints;
    await write(mongodb.uri, 'acknowledged');
    for (const pid of [mongodb.pid, nats.pid]) process.kill(pid ?? 0, 'SIGKILL');
    await until('both run again', () => {
      const now = scene.endpoints;
      return [now.mongodb.pid, now.nats.pid].every(
        (pid) => pid !== null && pid !== mongodb.pid && pid !== nats.pid && isRunning(pid),
      );
    });
    expect(scene.endpoints.mongodb.uri).toBe(mongodb.uri);
    expect(await words(mongodb.uri)).toEqual(['acknowledged']);
    await until('NATS answers', () =>
      natsInfo(nats.url).then(
        ({ jetstream }) => jetstream,
        () => false,
      ),
    );
  });

  it('--fresh begins with empty data and new keys', async () => {
    const first = await scene.ready();
    await write(scene.endpoints.mongodb.uri, 'old');
    const keys = readFileSync(join(scene.home, 'trust', 'secret-keys'), 'utf8');
    await first.stop();
    await scene.ready(['--fresh']);
    expect(await words(scene.endpoints.mongodb.uri)).toEqual([]);
    expect(readFileSync(join(scene.home, 'trust', 'secret-keys'), 'utf8')).not.toBe(keys);
  });

  it('stops mongod and nats-server too when it is killed with -9', async () => {
    const start = await scene.ready();
    const { pids, endpoints } = { pids: scene.pids, endpoints: scene.endpoints };
    expect(pids).toContain(endpoints.mongodb.pid);
    await start.stop('SIGKILL');
    await until('all are gone', () => !pids.some(isRunning));
    expect(readFileSync(join(scene.home, 'logs', 'mongod.log'), 'utf8')).toContain('Shutting down'); // politely, even then
  });

  it('says when the data was written by another version or is damaged', async () => {
    await (await scene.ready()).stop();
    rmSync(join(scene.home, 'mongodb', 'data', 'WiredTiger.wt'));
    const { code, output } = await scene.start().ended;
    expect(code).toBe(1);
    expect(output).toContain('mongod');
    expect(output).toContain('--fresh');
  }, 30_000);
});
