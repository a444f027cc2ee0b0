import { MongoClient } from 'mongodb';
import { ConnectionState, connectNats, silentLog } from '@leasewire/messaging';
import {
  connectAs,
  eventually,
  freshDatabase,
  freshMongo,
  freshNats,
  mongoUri,
  onCleanUp,
  servers,
  suiteDeployment,
  TcpProxy,
} from '../src/index.js';

async function connect(url: string, giveUpAfterMs = 5_000) {
  const nats = await connectNats({ url, service: 'identity' }, silentLog, { giveUpAfterMs });
  onCleanUp(() => nats.close());
  return nats;
}

/** A broker on this machine answers within a millisecond; one that has not after a hundred is silent. */
function answersSoon(nats: Awaited<ReturnType<typeof connect>>): Promise<boolean> {
  const answered = nats.rtt().then(
    () => true,
    () => false,
  );
  return Promise.race([answered, new Promise<boolean>((resolve) => setTimeout(resolve, 100, false))]);
}

describe('the servers of a suite', () => {
  it('are real: mongod with transactions, nats-server with JetStream', async () => {
    const { mongoUri: uri, natsUrl } = await servers();
    const client = new MongoClient(uri);
    await client.withSession((session) =>
      session.withTransaction(() => client.db('probe').collection('probe').insertOne({ a: 1 }, { session })),
    );
    await client.close();
    await connect(natsUrl); // refuses one without JetStream
  });

  it('are the same for everyone who asks', async () => {
    expect(await servers()).toEqual(await servers());
    expect((await servers()).mongoUri).toBe(await mongoUri());
  });

  it('give each asker a database of its own', async () => {
    const [one, other] = [await freshDatabase(), await freshDatabase()];
    await one.db.collection('things').insertOne({ a: 1 });
    expect(await other.db.collection('things').countDocuments()).toBe(0);
  });

  it('ask services for their keys where there is trust', async () => {
    const { nats } = await suiteDeployment();
    await expect(connect(nats.url, 0)).rejects.toThrow(/NATS/);
    const peer = await connectAs('identity');
    expect(peer.nats.isClosed()).toBe(false);
  });
});

describe('a server that a test breaks', () => {
  it('mongod keeps its data over kill -9', async () => {
    const mongo = await freshMongo();
    const client = new MongoClient(mongo.uri);
    const things = client.db('probe').collection('things', { writeConcern: { w: 'majority', journal: true } });
    await things.insertOne({ a: 1 });
    expect(await mongo.stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    await mongo.start();
    expect(await things.countDocuments()).toBe(1);
    await client.close();
  });

  it('nats-server can be silent for a while, stop, and come back on its port', async () => {
    const server = await freshNats();
    const nats = await connect(server.url);
    await server.pause();
    expect(await answersSoon(nats)).toBe(false);
    server.resume();
    await eventually(() => answersSoon(nats));
    await server.stop('SIGKILL');
    await server.start();
    await eventually(() => answersSoon(nats));
  });

  it('has a network before it that can be slow, silent, cut and gone', async () => {
    const server = await freshNats();
    const proxy = await TcpProxy.open(server.port);
    const nats = await connect(`nats://127.0.0.1:${proxy.port}`);
    const quick = await nats.rtt();
    proxy.delay(30);
    expect(await nats.rtt()).toBeGreaterThan(Math.max(50, quick));
    proxy.delay(0);

    proxy.silence();
    expect(await answersSoon(nats)).toBe(false);
    proxy.speak();
    await eventually(() => answersSoon(nats));

    proxy.refuse();
    await eventually(() => !ConnectionState.of(nats).connected);
    proxy.restore();
    await eventually(() => ConnectionState.of(nats).connected);
    await eventually(() => answersSoon(nats));
  });
});
