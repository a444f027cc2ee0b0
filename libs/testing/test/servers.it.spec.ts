import { existsSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { eventually, freshMongo, freshNats, mongoUri, servers } from '../src/index.js';

describe('servers', () => {
  it('are real', async () => {
    const { mongoUri, natsUrl } = await servers();
    const client = new MongoClient(mongoUri);
    await client.db('probe').collection('x').insertOne({ a: 1 });
    await client.close();
    expect(natsUrl).toMatch(/^nats/);
  });
  it('own', async () => {
    const mongo = await freshMongo();
    const client = new MongoClient(mongo.uri);
    await client.db('probe').collection('x').insertOne({ a: 1 });
    await mongo.stop('SIGKILL');
    await mongo.start();
    expect(await client.db('probe').collection('x').countDocuments()).toBe(1);
    await client.close();
  });
});
