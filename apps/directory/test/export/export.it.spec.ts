import {
  getProperty,
  listResidents,
  organizationClosed,
  previewCloseResidents,
  propertyArchived,
  readExport,
  startExport,
  type InputOf,
  type JobView,
  type OrgId,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { connectAs, eventually, outgoing, staffActor } from '@leasewire/testing';
import { codeOf, DirectorySuite, person } from '../service/directory-suite.js';

let suite: DirectorySuite;
beforeAll(async () => {
  suite = await DirectorySuite.start();
});

describe('an export', () => {
  async function fileOf(
    actor: Actor,
    input: InputOf<typeof startExport>,
  ): Promise<{ lines: string[]; job: JobView; parts: number }> {
    const job = await suite.call(actor, startExport, input);
    let text = '';
    let part = 0;
    for (let last = false; !last; part++) {
      const read = await eventually(() => suite.call(actor, readExport, { jobId: job.id, part }), { timeoutMs: 20_000 });
      text += read.text;
      last = read.last;
    }
    return { lines: text.split('\r\n').slice(0, -1), job, parts: part };
  }

  it('holds what the list shows, in parts, for who asked, and no formula', async () => {
    const { orgId, owner } = suite.org();
    const here = await suite.adopted(orgId);
    const there = await suite.adopted(orgId, { upstreamId: '4712' });
    for (let from = 0; from < 500; from += 100)
      await suite.apply(
        orgId,
        here,
        Array.from({ length: 100 }, (_, n) => person(String(from + n))),
        { scope: 'targeted' },
      );
    await suite.apply(orgId, there, [person('far', { name: { first: '=1+1', last: 'Evil', raw: 'x' } })]);

    const all = await fileOf(owner, { what: 'residents' });
    expect(all.parts).toBe(3);
    expect(all.lines).toHaveLength(502);
    expect(new Set(all.lines).size).toBe(502);
    expect(all.lines.find((line) => line.includes('Evil'))).toContain(`,'=1+1 Evil,'=1+1,Evil,`);

    const filter = { search: 'haddad12' };
    const { total } = await suite.call(owner, listResidents, { ...filter, withTotal: true });
    expect((await fileOf(owner, { what: 'residents', filter })).lines).toHaveLength(1 + total!);

    const limited = suite.staffOf(orgId, [there.id]);
    expect((await fileOf(limited, { what: 'residents' })).lines).toHaveLength(2);
    expect((await fileOf(limited, { what: 'units' })).lines).toHaveLength(4);
    expect((await fileOf(owner, { what: 'residents', filter: { search: 'nobody' } })).lines).toHaveLength(1);
    expect(await codeOf(suite.call(suite.org().owner, readExport, { jobId: all.job.id, part: 0 }))).toBe('not-found');
    expect(await codeOf(suite.call(limited, readExport, { jobId: all.job.id, part: 0 }))).toBe('not-found');
  });
});

describe('an organization that closes', () => {
  const closed = async (orgId: OrgId, residents: 'keep' | 'archive') => {
    const identity = await connectAs('identity');
    await identity.bus.ensureStream('identity');
    const at = '2026-11-20T09:00:00.000Z';
    const closing = { askedAt: at, by: `staff:${newId('stf')}` as const, takesEffectAt: at, residents };
    const organization = { ...organizationClosed.example.organization, id: orgId, closing, closedAt: at };
    await identity.bus.publish(outgoing(organizationClosed, { orgId, subject: orgId, data: { organization } }));
  };
  const statesOf = async (actor: Actor) =>
    (await suite.call(actor, listResidents, { state: ['active', 'archived'] })).items.map(({ state }) => state).sort();

  it('is previewed: who lives there, who loses what, and whether the lists were exported', async () => {
    const { orgId, owner } = suite.org();
    const [here, there] = [await suite.adopted(orgId), await suite.adopted(orgId, { upstreamId: '4712' })];
    await suite.apply(orgId, here, [person('1'), person('2')]);
    await suite.apply(orgId, there, [person('3')]);
    const preview = await suite.call(owner, previewCloseResidents, {});
    expect(preview).toMatchObject({ properties: 2, connected: 2, units: 6, residents: 3, withAccess: 0, lastExportAt: null });
    expect(preview.byProperty.map(({ propertyId, residents }) => [propertyId, residents]).sort()).toEqual(
      [
        [here.id, 2],
        [there.id, 1],
      ].sort(),
    );
    expect(preview.sentences.at(-1)).toMatch(/^Nobody exported the residents within the last day/);
    await suite.call(owner, startExport, { what: 'residents' });
    const after = await suite.call(owner, previewCloseResidents, {});
    expect(after.lastExportAt).not.toBeNull();
    expect(after.sentences.join(' ')).not.toMatch(/exported/);
    const viewer = staffActor({ orgId, permissions: { 'accounts.organization': 'view' } });
    expect(await codeOf(suite.call(viewer, previewCloseResidents, {}))).toBe('forbidden');
  });

  it('puts all properties away with everybody in them, or leaves people what they have', async () => {
    const [going, keeping] = [suite.org(), suite.org()];
    const property = await suite.adopted(going.orgId);
    await suite.apply(going.orgId, property, [person('1'), person('2')]);
    const kept = await suite.adopted(keeping.orgId);
    await suite.apply(keeping.orgId, kept, [person('1')]);
    await closed(keeping.orgId, 'keep');
    await closed(going.orgId, 'archive');
    await closed(going.orgId, 'archive');
    await eventually(async () => expect(await statesOf(going.owner)).toEqual(['archived', 'archived']), { timeoutMs: 20_000 });
    expect(await suite.call(going.owner, getProperty, { propertyId: property.id })).toMatchObject({ state: 'archived' });
    await suite.hears(propertyArchived, property.id);
    expect(await statesOf(keeping.owner)).toEqual(['active']);
    expect(await suite.call(keeping.owner, getProperty, { propertyId: kept.id })).toMatchObject({ state: 'active' });
  });
});
