import { MongoClient } from 'mongodb';

/** They tick whether or not anything happens: who is at work, and what the vendor’s limits have left. */
const ticking = ['leases', 'rate_lanes'];

/** What the databases of a deployment hold: a digest and a count of every collection. */
export async function contents({ mongoUri, databasePrefix }) {
  const client = await new MongoClient(mongoUri).connect();
  const held = new Map();
  const { databases } = await client.db('admin').command({ listDatabases: 1 });
  for (const { name } of databases.filter((one) => one.name.startsWith(databasePrefix))) {
    const db = client.db(name);
    const { collections } = await db.command({ dbHash: 1 });
    for (const [collection, digest] of Object.entries(collections))
      if (!ticking.some((one) => collection.endsWith(one)))
        held.set(`${name.slice(databasePrefix.length)}.${collection}`, {
          digest,
          count: await db.collection(collection).countDocuments(),
        });
  }
  await client.close();
  return held;
}

/** Which collections are not what they were, with how many documents more. */
export const changed = (before, after) =>
  [...after].flatMap(([name, { digest, count }]) =>
    before.get(name)?.digest === digest ? [] : [{ name, more: count - (before.get(name)?.count ?? 0) }],
  );

/** Its sweep is due: as if half an hour had gone by. */
export async function makeDue({ mongoUri, databasePrefix }, propertyId) {
  const client = await new MongoClient(mongoUri).connect();
  const { databases } = await client.db('admin').command({ listDatabases: 1 });
  const { name } = databases.find((one) => one.name.startsWith(databasePrefix) && /pms.sync$/.test(one.name));
  await client
    .db(name)
    .collection('synced_properties')
    .updateOne({ _id: propertyId }, { $set: { 'due.at': new Date(0) } });
  await client.close();
}
