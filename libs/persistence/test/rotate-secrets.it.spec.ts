import { systemClock, systemIds } from '@leasewire/messaging';
import { freshDatabase, newOrgId, staffCall, systemCall } from '@leasewire/testing';
import { z } from 'zod';
import {
  defineCollection,
  ensureIndexes,
  isSealed,
  keyIdOf,
  rotateSecrets,
  SecretBox,
  tenantDoc,
  TenantRepository,
  UnitOfWork,
  type Database,
} from '../src/index.js';
import { justBefore } from './subjects.js';

const network = defineCollection(
  'networks',
  tenantDoc.extend({
    secret: z.string(),
    devices: z.array(z.object({ name: z.string(), key: z.string().optional() })),
    n: z.int(),
  }),
  { scope: 'org', sealed: ['secret', 'devices.key'] },
);
const orgId = newOrgId();
const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;
const old = SecretBox.fromRing(key('k1', 1));
const both = SecretBox.fromRing(`${key('k2', 2)},${key('k1', 1)}`);
const fresh = SecretBox.fromRing(key('k2', 2));
const at = (field: string) => ({ orgId, collection: 'networks', field });

let db: Database;
let networks: TenantRepository<typeof network>;
let work: UnitOfWork;
beforeEach(async () => {
  db = await freshDatabase();
  await ensureIndexes(db, [network], db.log);
  networks = new TenantRepository(db, network);
  work = new UnitOfWork({ db, service: 'bank', clock: systemClock, ids: systemIds, epoch: 0, box: old });
});

const given = (count: number) =>
  work.run(systemCall('bank', orgId), (tx) =>
    networks.insertMany(
      tx,
      Array.from({ length: count }, (_, n) => ({
        orgId,
        _id: `net_${String(n).padStart(5, '0')}`,
        n: 0,
        secret: old.seal(`secret ${n}`, at('secret')),
        devices: [{ name: 'tv', key: old.seal(`tv ${n}`, at('devices.key')) }, { name: 'radio' }],
      })),
    ),
  );

async function expectAllOpenWith(box: SecretBox): Promise<void> {
  for (const [n, doc] of (await networks.find({ orgId }, { sort: { _id: 1 } })).entries()) {
    expect(box.open(doc.secret, at('secret'))).toBe(`secret ${n}`);
    expect(box.open(doc.devices[0]!.key!, at('devices.key'))).toBe(`tv ${n}`);
  }
}

describe('rotation', () => {
  it('seals everything with the current key, also what is in arrays and what the library keeps itself', async () => {
    await given(450);
    const call = () => staffCall({ orgId, staffId: 'stf_00000000000000000000000001', idempotencyKey: 'k' });
    await work.run(call(), async () => 'shown once');
    expect(await rotateSecrets(db, [network], both, db.log)).toEqual({ rotated: 901, failed: [] });
    await expectAllOpenWith(fresh);
    const later = new UnitOfWork({ db, service: 'bank', clock: systemClock, ids: systemIds, epoch: 0, box: fresh });
    expect(await later.run(call(), async () => 'not this')).toBe('shown once');
    expect(await rotateSecrets(db, [network], fresh, db.log)).toEqual({ rotated: 0, failed: [] });
  });

  it('goes on where it was interrupted', async () => {
    await given(450);
    const interrupted = justBefore(db, 'bulkWrite', async () => {
      again = justBefore(db, 'bulkWrite', () => Promise.reject(new Error('killed')));
      return Promise.resolve();
    });
    let again: { restore(): void } | undefined;
    await expect(rotateSecrets(db, [network], both, db.log)).rejects.toThrow('killed');
    again?.restore();
    interrupted.restore();
    expect(await rotateSecrets(db, [network], both, db.log)).toEqual({ rotated: 500, failed: [] });
    await expectAllOpenWith(fresh);
  });

  it('does not undo what is saved meanwhile, and finds it in its next pass', async () => {
    const docs = await given(3);
    const saving = justBefore(db, 'bulkWrite', () =>
      work.run(systemCall('bank', orgId), (tx) => networks.save(tx, { ...docs[1]!, secret: old.seal('changed', at('secret')) })),
    );
    await rotateSecrets(db, [network], both, db.log);
    saving.restore();
    const { secret } = await networks.get({ orgId, _id: docs[1]!._id });
    expect([fresh.open(secret, at('secret')), keyIdOf(secret)]).toEqual(['changed', 'k2']);
  });

  it('disturbs nobody who saves meanwhile', async () => {
    const docs = await given(40);
    const saving = Promise.all(
      docs.map(({ _id }) =>
        work.run(systemCall('bank', orgId), async (tx) => {
          const doc = await networks.get({ orgId, _id }, { tx });
          await networks.save(tx, { ...doc, n: doc.n + 1 });
        }),
      ),
    );
    await rotateSecrets(db, [network], both, db.log);
    await saving;
    await rotateSecrets(db, [network], both, db.log);
    await expectAllOpenWith(fresh);
    for (const doc of await networks.find({ orgId })) expect([doc.n, doc.version]).toEqual([1, 2]);
  });

  it('names what does not open and leaves it as it is', async () => {
    await given(3);
    const stolen = old.seal('stolen', { ...at('secret'), orgId: 'org_of_somebody_else' });
    await db.db.collection<{ _id: string }>('networks').updateOne({ _id: 'net_00001' }, { $set: { secret: stolen } });
    expect(await rotateSecrets(db, [network], both, db.log)).toEqual({ rotated: 5, failed: ['networks net_00001 secret'] });
    const kept = (await networks.get({ orgId, _id: 'net_00001' })).secret;
    expect([kept, keyIdOf(kept), isSealed(kept)]).toEqual([stolen, 'k1', true]);
  });
});

it('a declared secret that is not sealed is not written', async () => {
  const writing = work.run(systemCall('bank', orgId), (tx) =>
    networks.insert(tx, { orgId, _id: 'net_x', n: 0, secret: 'plain', devices: [] }),
  );
  await expect(writing).rejects.toThrow('networks.secret is declared sealed');
});
