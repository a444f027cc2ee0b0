import {
  auditExported,
  auditJobRpcs,
  eraseAuditPerson,
  eventSubject,
  listAuditEntries,
  readAuditExport,
  startAuditExport,
  type AuditEntry,
  type InputOf,
  type JobId,
  type OutputOf,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { Database, isSealed } from '@leasewire/persistence';
import type { RunningService } from '@leasewire/service-kit';
import { connectAs, eventually, ownerOf, startService, staffActor, type Peer } from '@leasewire/testing';
import { audit } from '../../src/audit.service-definition.js';
import { envelopeOf } from '../envelope.factory.js';
import { Organization } from '../audit.world.js';

let service: RunningService;
let gateway: Peer;
const org = new Organization();
const owner = ownerOf(org.orgId);
const pier = newId('prop');
const count = 300;

beforeAll(async () => {
  service = await startService(audit);
  const identity = await connectAs('identity');
  gateway = await connectAs('gateway');
  await identity.bus.ensureStream('identity');
  const facts = org.staffChanges(count).map((fact, n) => ({ ...fact, ...(n % 3 === 0 && { propertyId: pier }) }));
  await Promise.all(
    facts.map((fact) => identity.bus.publish({ subject: eventSubject(fact, fact.orgId), envelope: envelopeOf(fact) })),
  );
  await eventually(async () => expect((await page({ type: 'identity' })).total).toBe(count), { timeoutMs: 15_000 });
});

const page = (asked: InputOf<typeof listAuditEntries>) =>
  gateway.call(owner, listAuditEntries, { limit: 1, withTotal: true, ...asked });
async function exported(who: Actor, asked: InputOf<typeof startAuditExport>): Promise<JobId> {
  const { jobId } = await gateway.call(who, startAuditExport, asked, { idempotencyKey: newId('idem') });
  await eventually(async () => expect((await gateway.call(who, auditJobRpcs.getJob, { jobId })).state).toBe('done'), {
    timeoutMs: 10_000,
  });
  return jobId;
}
async function contentOf(who: Actor, jobId: JobId): Promise<string> {
  const parts: OutputOf<typeof readAuditExport>[] = [];
  do parts.push(await gateway.call(who, readAuditExport, { jobId, part: parts.length }));
  while (parts.length < parts[0]!.parts);
  return parts.map(({ content }) => content).join('');
}
const entriesIn = (content: string): AuditEntry[] =>
  content.split('\n').flatMap((line) => (line ? [JSON.parse(line) as AuditEntry] : []));

describe('an export', () => {
  it('holds every entry that matches, in the order of the chain, in parts', async () => {
    const jobId = await exported(owner, { filter: { type: 'identity' }, format: 'ndjson' });
    const entries = entriesIn(await contentOf(owner, jobId));
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    const { items } = await gateway.call(owner, listAuditEntries, { type: 'identity', sort: 'at', limit: 5 });
    for (const item of items) expect(entries).toContainEqual(item);
    await eventually(async () => {
      const { items: told } = await gateway.call(owner, listAuditEntries, { type: auditExported.type });
      expect(told).toMatchObject([{ actor: owner.ref, after: { jobId, entries: count, format: 'ndjson' } }]);
    });
  });
  it('may be a table', async () => {
    const jobId = await exported(owner, { filter: { text: 'reyes', type: 'identity' }, format: 'csv' });
    const lines = (await contentOf(owner, jobId)).trimEnd().split('\r\n');
    expect(lines).toHaveLength(count + 1);
    expect(lines[0]).toMatch(/^id,seq,at,/);
    expect(lines[1]).toContain('Ana Reyes changed the details of Ana Reyes.');
  });
  it('of nothing has one empty part', async () => {
    const jobId = await exported(owner, { filter: { text: 'nobody' }, format: 'csv' });
    expect((await contentOf(owner, jobId)).split('\r\n')).toHaveLength(2);
    await expect(gateway.call(owner, readAuditExport, { jobId, part: 1 })).rejects.toMatchObject({ code: 'not-found' });
  });
  it('of somebody limited to a property holds only what they see', async () => {
    const limited = staffActor({ orgId: org.orgId, properties: [pier] });
    const jobId = await exported(limited, { filter: {}, format: 'ndjson' });
    const entries = entriesIn(await contentOf(limited, jobId));
    expect(entries.filter(({ propertyId }) => propertyId === pier)).toHaveLength(count / 3);
    expect(entries.every(({ propertyId, actor }) => propertyId === pier || actor === limited.ref)).toBe(true);
  });
  it('is read by nobody of another organization, nor by those who see less', async () => {
    const jobId = await exported(owner, { filter: {}, format: 'ndjson' });
    for (const who of [ownerOf(new Organization().orgId), staffActor({ orgId: org.orgId, properties: [pier] })])
      await expect(gateway.call(who, readAuditExport, { jobId, part: 0 })).rejects.toMatchObject({ code: 'not-found' });
  });
  it('lies sealed in the database, and is gone when somebody is erased', async () => {
    const jobId = await exported(owner, { filter: { type: 'identity' }, format: 'ndjson' });
    const parts = service.get(Database).db.collection('export_parts');
    expect((await parts.find({ jobId }).toArray()).map((part) => isSealed(part['content']))).toEqual([true]);
    await gateway.call(owner, eraseAuditPerson, { personId: org.ana.id });
    await eventually(async () => expect(await parts.countDocuments({ orgId: org.orgId })).toBe(0));
    await expect(gateway.call(owner, readAuditExport, { jobId, part: 0 })).rejects.toMatchObject({ code: 'not-found' });
  });
});
