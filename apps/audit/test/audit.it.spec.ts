import {
  auditChainBroken,
  auditHeadSigned,
  eraseAuditPerson,
  eventSubject,
  exportAuditHead,
  getAuditEntry,
  getAuditRetention,
  listAuditEntries,
  setAuditRetention,
  verifyAudit,
  type AuditEntry,
  type InputOf,
  type OrgId,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import { runCommand, type RunningService } from '@leasewire/service-kit';
import { connectAs, eventually, ownerOf, startService, staffActor, suiteDeployment, type Peer } from '@leasewire/testing';
import { audit } from '../src/audit.service-definition.js';
import { envelopeOf } from './envelope.factory.js';
import { Organization } from './audit.world.js';

let service: RunningService;
let identity: Peer;
let gateway: Peer;
type Fact = ReturnType<Organization['staffChanged']>;

beforeAll(async () => {
  service = await startService(audit, { LEASEWIRE_AUDIT_HEADS_SECONDS: '1' });
  [identity, gateway] = await Promise.all([connectAs('identity'), connectAs('gateway')]);
  await identity.bus.ensureStream('identity');
});

async function publish(facts: readonly Fact[], more: Parameters<typeof envelopeOf>[1] = {}): Promise<void> {
  await Promise.all(
    facts.map((fact) => identity.bus.publish({ subject: eventSubject(fact, fact.orgId), envelope: envelopeOf(fact, more) })),
  );
}
const list = async (actor: Actor, asked: InputOf<typeof listAuditEntries> = {}): Promise<AuditEntry[]> =>
  (await gateway.call(actor, listAuditEntries, { sort: 'at', limit: 200, ...asked })).items;
const ofIdentity = async (orgId: OrgId): Promise<AuditEntry[]> => list(ownerOf(orgId), { type: 'identity' });
const recorded = (orgId: OrgId, count: number): Promise<AuditEntry[]> =>
  eventually(
    async () => {
      const entries = await ofIdentity(orgId);
      expect(entries).toHaveLength(count);
      return entries;
    },
    { timeoutMs: 10_000 },
  );

describe('audit as a service', () => {
  it('records what others publish, and answers who did what', async () => {
    const org = new Organization();
    await publish(org.staffChanges(3));
    const entries = await recorded(org.orgId, 3);
    expect(entries[0]).toMatchObject({
      seq: 1,
      actor: `staff:${org.ana.id}`,
      actorName: 'Ana Reyes',
      what: 'Ana Reyes changed the details of Ana Reyes.',
      entity: org.ana.id,
      type: 'identity.staff.changed.v1',
      propertyId: null,
    });
    expect(await gateway.call(ownerOf(org.orgId), getAuditEntry, { entryId: entries[1]!.id })).toEqual(entries[1]);
    expect(await gateway.call(ownerOf(org.orgId), verifyAudit, {})).toMatchObject({ intact: true, faults: [] });
  });

  it('records types and versions that are newer than itself, and data that does not fit', async () => {
    const org = new Organization();
    await publish([
      org.fact({ type: 'identity.badge.printed.v7', service: 'identity' }, { badge: { id: 'bdg_1', color: 'red' } }),
      org.fact({ type: 'identity.staff.changed.v1', service: 'identity' }, { nothing: 'like the contract' }),
    ]);
    expect((await recorded(org.orgId, 2)).map(({ what }) => what)).toEqual(
      expect.arrayContaining([expect.stringContaining('badge printed'), expect.stringContaining('changed the details')]),
    );
  });

  it('sets aside what nobody can read, and goes on', async () => {
    const org = new Organization();
    const stream = `evt.identity.staff.changed.v1.${org.orgId}`;
    await identity.nats.request(stream, 'not json', { timeout: 2000 });
    await publish(org.staffChanges(1));
    await recorded(org.orgId, 1);
    const letters = await connectAs('audit');
    await eventually(async () =>
      expect((await letters.bus.deadLetters.list({})).items).toMatchObject([{ handler: 'record', reason: 'undecodable' }]),
    );
  });

  it('shows one organization nothing of another', async () => {
    const [one, two] = [new Organization(), new Organization()];
    await publish([...one.staffChanges(2), ...two.staffChanges(3)]);
    const [entry] = await recorded(one.orgId, 2);
    expect(await recorded(two.orgId, 3)).toHaveLength(3);
    const stranger = ownerOf(two.orgId);
    await expect(gateway.call(stranger, getAuditEntry, { entryId: entry!.id })).rejects.toMatchObject({ code: 'not-found' });
    expect(await list(stranger, { entity: one.ana.id })).toEqual([]);
    expect(await list(stranger, { correlationId: entry!.correlationId })).toEqual([]);
    const head = await gateway.call(ownerOf(one.orgId), exportAuditHead, {});
    expect((await gateway.call(stranger, verifyAudit, { head })).faults).toMatchObject([{ kind: 'head-forged' }]);
  });

  it('lets nobody in without the permission', async () => {
    const nobody = staffActor({ permissions: { 'accounts.staff': 'full' } });
    const reader = staffActor({ permissions: { 'accounts.audit': 'view' } });
    await expect(gateway.call(nobody, listAuditEntries, {})).rejects.toMatchObject({ code: 'forbidden' });
    await expect(gateway.call(reader, setAuditRetention, { days: 30 })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      gateway.call(staffActor({ properties: [newId('prop')] }), setAuditRetention, { days: 30 }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(
      gateway.call(staffActor({ properties: [] }), eraseAuditPerson, { personId: newId('stf') }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(gateway.call(reader, exportAuditHead, {})).rejects.toMatchObject({ code: 'not-found' });
  });

  it('keeps the retention policy of an organization, and records who changed it', async () => {
    const org = new Organization();
    const owner = ownerOf(org.orgId);
    expect(await gateway.call(owner, getAuditRetention, {})).toEqual({ days: null, version: 0 });
    await gateway.call(owner, setAuditRetention, { days: 400, version: 0 }, { idempotencyKey: newId('idem') });
    await gateway.call(owner, setAuditRetention, { days: 90, version: 1 }, { idempotencyKey: newId('idem') });
    await expect(gateway.call(owner, setAuditRetention, { days: 60, version: 1 })).rejects.toMatchObject({
      code: 'conflict.version',
    });
    await eventually(async () => {
      const entries = await list(owner, { type: 'audit.retention.changed' });
      expect(entries).toMatchObject([
        { actor: owner.ref, before: null, after: { retention: { days: 400 } } },
        { actor: owner.ref, before: { retention: { days: 400 } }, after: { retention: { days: 90 } } },
      ]);
    });
  });

  it('erases a person once, and forgets the words they were found by', async () => {
    const org = new Organization();
    const owner = ownerOf(org.orgId);
    await publish([org.staffChanged(1)]);
    await recorded(org.orgId, 1);
    expect(await list(owner, { text: 'reyes' })).toHaveLength(1);
    const key = newId('idem');
    const erase = () => gateway.call(owner, eraseAuditPerson, { personId: org.ana.id }, { idempotencyKey: key });
    expect([await erase(), await erase()]).toEqual([{ erased: true }, { erased: true }]);
    await eventually(async () => expect(await list(owner, { text: 'reyes' })).toEqual([]));
    expect(await ofIdentity(org.orgId)).toMatchObject([
      { erased: true, actorName: null, what: '(erased) changed the details of (erased).' },
    ]);
    await eventually(async () =>
      expect(await list(owner, { type: 'audit.person.erased' })).toMatchObject([
        { actor: owner.ref, after: { personId: org.ana.id } },
      ]),
    );
    expect(await gateway.call(owner, verifyAudit, {})).toMatchObject({ intact: true });
  });

  it('tells everybody once when a chain was changed from outside', async () => {
    const org = new Organization();
    await publish(org.staffChanges(3));
    await recorded(org.orgId, 3);
    await service
      .get(Database)
      .db.collection('entries')
      .updateOne({ orgId: org.orgId, seq: 2 }, { $set: { content: '{}' } });
    expect(await gateway.call(ownerOf(org.orgId), verifyAudit, {})).toMatchObject({
      intact: false,
      faults: [{ kind: 'changed', seq: 2 }],
    });
    await gateway.call(ownerOf(org.orgId), verifyAudit, {});
    await eventually(async () => expect(await list(ownerOf(org.orgId), { type: auditChainBroken.type })).toHaveLength(1));
  });
});

describe('heads', () => {
  it('are announced while something happens, and then the system comes to rest', async () => {
    const org = new Organization();
    await publish(org.staffChanges(2));
    const owner = ownerOf(org.orgId);
    const heads = () => list(owner, { type: auditHeadSigned.type });
    await eventually(async () => expect(await heads()).not.toEqual([]), { timeoutMs: 8_000 });
    const { db } = service.get(Database);
    // whatever is written in the collections of audit from now on; once the last announcement is recorded, nothing is
    await eventually(
      async () => {
        const chain = await db.collection<{ _id: string }>('chains').findOne({ _id: org.orgId });
        const announced = await db.collection('heads').countDocuments({ orgId: org.orgId });
        expect(chain).not.toHaveProperty('due');
        expect(await heads()).toHaveLength(announced);
      },
      { timeoutMs: 8_000 },
    );
    const before = await stateOf(org.orgId);
    // three times the interval in which heads are announced
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await stateOf(org.orgId)).toEqual(before);
  });
  async function stateOf(orgId: OrgId): Promise<unknown> {
    const { db } = service.get(Database);
    const chain = await db.collection<{ _id: string }>('chains').findOne({ _id: orgId });
    const counts = await Promise.all(['entries', 'heads', 'states'].map((name) => db.collection(name).countDocuments({ orgId })));
    return [chain, counts, await db.collection('outbox').countDocuments({ subject: { $regex: `${orgId}$` } })];
  }
});

describe('two replicas', () => {
  it('record everything once', async () => {
    const other = await startService(audit);
    const org = new Organization();
    const facts = org.staffChanges(400);
    await publish(facts);
    await publish(facts);
    await eventually(
      async () =>
        expect(
          (await gateway.call(ownerOf(org.orgId), listAuditEntries, { type: 'identity', limit: 1, withTotal: true })).total,
        ).toBe(400),
      {
        timeoutMs: 15_000,
      },
    );
    expect(await gateway.call(ownerOf(org.orgId), verifyAudit, {})).toMatchObject({ intact: true, faults: [] });
    await other.close();
  });
});

describe('the command', () => {
  const run = async (...line: string[]): Promise<string[]> => {
    const deployment = await suiteDeployment();
    const printed: string[] = [];
    await runCommand(audit, line, {
      env: deployment.environmentOf('audit'),
      process: false,
      print: (text) => void printed.push(text),
      logTo: { write: () => true },
    });
    return printed;
  };
  it('verify tells of every chain, and fails when one is broken', async () => {
    const org = new Organization();
    await publish(org.staffChanges(2));
    await recorded(org.orgId, 2);
    expect(await run('verify', '--org', org.orgId)).toEqual([expect.stringMatching(`^${org.orgId}: intact, \\d+ entries`)]);
    const [head] = await run('heads', 'export', '--org', org.orgId);
    expect(await run('verify', '--head', head!)).toEqual([expect.stringContaining('intact')]);
    await service.get(Database).db.collection('entries').deleteOne({ orgId: org.orgId, seq: 1 });
    await expect(run('verify')).rejects.toThrow(/chains are not what was recorded/);
    expect(await run('heads', 'key')).toEqual([expect.stringMatching(/^[0-9a-f]{16} [A-Za-z0-9+/]{43}=$/)]);
  });
});

it('does not start without its signing key', async () => {
  await expect(startService(audit, { LEASEWIRE_AUDIT_SIGNING_KEY: '' })).rejects.toThrow(
    'LEASEWIRE_AUDIT_SIGNING_KEY is missing',
  );
});
