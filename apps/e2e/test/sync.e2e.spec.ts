import { eventually } from '@leasewire/testing';
import type { ResidentTruth, Vendor } from '@leasewire/simulators';
import {
  connectionTo,
  customerIdOf,
  PmsScene,
  type AdoptedProperty,
  type Api,
  type ResidentView,
  type RunOutcomeView,
} from '../src/index.js';
import { pmsChanges, Stage, type Side } from './pms-changes.js';

interface Fact {
  readonly type: string;
  readonly data: { readonly resident?: { readonly upstreamId: string | null }; readonly unit?: { readonly number: string } };
}

const isNow = ({ role, status, leaseStatus }: ResidentTruth['stays'][number]): boolean =>
  role !== 'guarantor' && [status, leaseStatus].every((word) => /^(current|notice)$/i.test(word));

describe('with property-management systems', () => {
  let scene: PmsScene;
  let owner: Api;
  beforeAll(async () => {
    scene = await PmsScene.open({ seed: 7, residents: 700 });
    ({ owner } = scene);
  }, 180_000);
  afterAll(() => scene.close());

  /** Who is on a lease, or owns a lot, now: as far as the vendor tells of them at all. */
  const livingIn = async (vendor: Vendor, propertyId: string) =>
    (await scene.truth(vendor, propertyId)).filter(({ shown, stays }) => shown && stays.some(isNow));

  /** Who the PMS says lives there is there, and nobody else is. */
  async function agrees(vendor: Vendor, { propertyId, upstreamId }: AdoptedProperty): Promise<void> {
    const living = await livingIn(vendor, upstreamId);
    const known = (await scene.residents(propertyId, 'active,pending-import')).filter(
      ({ leaseStatus }) => leaseStatus === 'current' || leaseStatus === 'notice',
    );
    expect(known.map(customerIdOf).sort()).toEqual(living.map(({ customerId }) => customerId).sort());
  }

  async function cursor(): Promise<string> {
    return (await owner.get<{ nextCursor: string }>('/v1/events?after=now')).nextCursor;
  }

  /** All that subscribers heard since. */
  async function eventsAfter(after: string): Promise<Fact[]> {
    const facts: Fact[] = [];
    for (let at = after, more = true; more;) {
      const page = await owner.get<{ items: Fact[]; nextCursor: string; more: boolean }>(`/v1/events?limit=500&after=${at}`);
      facts.push(...page.items);
      ({ nextCursor: at, more } = page);
    }
    return facts;
  }

  const connections = new Map<Vendor, string>();
  describe.each([
    ['entrata', 'entrata', /^\d+$/, /^\d+$/],
    ['propertyiq', 'owners', /^\d+$/, null],
    ['stratamax', 'owners', /^\d+$/, null],
    ['buildium', 'buildium', /^rental-/, /^rental-/],
    ['buildium', 'owners', /^association-/, null],
  ] as const)('%s, %s', (vendor, side: Side, first, second) => {
    let connectionId = '';
    let property: AdoptedProperty;
    let other: AdoptedProperty | undefined;

    it('is connected; a wrong key is said to be one', async () => {
      const known = connections.get(vendor);
      if (known !== undefined) {
        connectionId = known; // two connections to one account are refused
        return;
      }
      connectionId = await scene.connect(vendor);
      connections.set(vendor, connectionId);
      const made = await owner.get(`/v1/connections/${connectionId}`);
      const { settings, credentials } = connectionTo[vendor](scene.simulators);
      for (const secret of Object.values(credentials).filter((text) => text.startsWith('simulated') && /key|secret/.test(text)))
        expect(JSON.stringify(made)).not.toContain(secret);
      expect((await owner.expect(200, 'POST', `/v1/connections/${connectionId}/test`)).body).toMatchObject({ ok: true });
      const wrongKey = Object.fromEntries(Object.keys(credentials).map((name) => [name, 'wrong']));
      const wrong = await owner.expect<{ id: string }>(201, 'POST', '/v1/connections', {
        body: { pms: vendor, name: `${vendor} wrong`, settings, credentials: wrongKey },
      });
      const diagnosis = await owner.expect(200, 'POST', `/v1/connections/${wrong.body.id}/test`);
      expect(diagnosis.body).toMatchObject({ ok: false, code: 'wrong-key' });
    });

    it('shows its properties; those that are adopted are synced at once', async () => {
      const upstream = await owner.get<{ items: { id: string; name: string }[] }>(
        `/v1/connections/${connectionId}/upstream-properties`,
      );
      const ids = upstream.items.map(({ id }) => id);
      const wanted = [ids.find((id) => first.test(id))!, ...(second ? ids.filter((id) => second.test(id)).slice(1, 2) : [])];
      const adopted = await scene.adopt(connectionId, wanted);
      property = adopted.find(({ upstreamId }) => upstreamId === wanted[0])!;
      other = adopted.find(({ upstreamId }) => upstreamId === wanted[1]);
      for (const one of adopted) {
        expect((await scene.runs(one.propertyId))[0]).toMatchObject({ state: 'done', complete: true, error: null });
        await agrees(vendor, one);
      }
    }, 60_000);

    it('synced again changes nothing', async () => {
      const run = await scene.sweep(property.propertyId);
      expect(run).toMatchObject({ complete: true, counts: { synced: 0, failed: 0, held: 0 } });
    }, 30_000);

    describe('every change that can be made there arrives with the next sync:', () => {
      const changes = pmsChanges.filter(({ at }) => at.includes(side));
      const about = new Map<string, string>();
      let stage: Stage;
      let outcomes = new Map<string, RunOutcomeView>();
      let rows = new Map<string, ResidentView>();
      let facts: Fact[] = [];

      // one sync for all of them: each has people of its own
      beforeAll(async () => {
        const plain = (one: AdoptedProperty | undefined) => one?.upstreamId.replace(/^\w+-/, '') ?? null;
        stage = new Stage(scene, plain(property)!, plain(other));
        const prepared = new Map<string, Record<string, string>>();
        for (const { name, prepare } of changes) if (prepare) prepared.set(name, await prepare(stage));
        expect(await scene.sweep(property.propertyId)).toMatchObject({ complete: true });
        const from = await cursor();
        for (const { name, make } of changes) about.set(name, await make(stage, prepared.get(name) ?? {}));
        const run = await scene.sweep(property.propertyId);
        const all = await scene.outcomes(run.id);
        expect(all.filter(({ outcome }) => outcome === 'failed' || outcome === 'held')).toEqual([]);
        expect(run).toMatchObject({ state: 'done', complete: true, warnings: [] });
        outcomes = new Map(all.map((one) => [customerIdOf(one), one]));
        rows = new Map((await scene.residents(property.propertyId)).map((row) => [customerIdOf(row), row]));
        facts = await eventually(async () => {
          const heard = await eventsAfter(from);
          expect(heard.some(({ type }) => type.startsWith('pms-sync.sync-run.completed'))).toBe(true);
          const told = new Set(heard.map(({ data }) => data.resident && customerIdOf(data.resident)));
          const changed = changes.filter(({ events }) => events.length > 0);
          expect(
            changed.filter(({ name }) => !told.has(about.get(name))).map(({ name }) => `${name}: ${about.get(name)}`),
          ).toEqual([]);
          return heard;
        });
      }, 60_000);

      it.each(changes.map((change) => [change.name, change] as const))('%s', (name, change) => {
        const id = about.get(name)!;
        const outcome = outcomes.get(id);
        expect(outcome?.decision ?? null).toBe(change.decision);
        if (change.decision !== null) expect(outcome!.outcome).toBe(change.outcome ?? 'synced');
        if (change.outcome === 'skipped') expect(outcome!.reason?.message).toMatch(/^[A-Z].+\.$/);
        change.shows(rows.get(id), stage);
        const heard = facts
          .filter(({ data }) => data.resident && customerIdOf(data.resident) === id)
          .map(({ type }) => type.replace(/^directory\.|\.v\d+$/g, ''));
        expect(heard).toEqual(expect.arrayContaining([...change.events]));
        if (change.events.length === 0) expect(heard).toEqual([]);
      });

      it('a unit that is gone is listed as deleted, and stays until staff remove it', async () => {
        const unit = stage.world
          .unitsOf(stage.propertyId)
          .find(({ id }) => stage.world.leasesIn(id).every(({ status }) => status === 'Past'));
        const { lease } = unit ? { lease: { unitId: unit.id } } : stage.lease();
        const from = await cursor();
        await stage.do('delete-unit', { unitId: lease.unitId });
        await scene.sweep(property.propertyId);
        const deleted = await owner.get<{ items: { upstreamId: string }[] }>(
          `/v1/properties/${property.propertyId}/deleted-units`,
        );
        expect(deleted.items.map(({ upstreamId }) => upstreamId)).toContain(lease.unitId);
        await eventually(async () => {
          expect((await eventsAfter(from)).map(({ type }) => type)).toContain('directory.unit.deleted-upstream.v1');
        });
      }, 30_000);

      it('and the same sync again changes nothing and tells nothing', async () => {
        const from = await cursor();
        expect(await scene.sweep(property.propertyId)).toMatchObject({
          complete: true,
          counts: { synced: 0, failed: 0, held: 0 },
        });
        const heard = (await eventsAfter(from)).filter(({ type }) => type.startsWith('directory.'));
        expect(heard.map(({ type }) => type)).toEqual([]);
        await agrees(vendor, property);
      }, 30_000);
    });

    if (second)
      it.each(['the property they leave', 'the property they come to'])(
        'a transfer to another property ends here and begins there, also when %s is swept first; no access in both, nobody twice',
        async (swept) => {
          const stage = new Stage(scene, property.upstreamId.replace(/^\w+-/, ''), other!.upstreamId.replace(/^\w+-/, ''));
          const { lease, customerId } = stage.lease(({ members, moveIn }) => members.length === 1 && moveIn < stage.day(-1));
          await stage.do('transfer', { leaseId: lease.id, propertyId: stage.elsewhere });
          const order = swept === 'the property they leave' ? [property, other!] : [other!, property];
          for (const { propertyId } of order) await scene.sweep(propertyId);
          const [left, came] = await Promise.all(
            [property, other!].map(async ({ propertyId }) =>
              (await scene.residents(propertyId)).filter((row) => customerIdOf(row) === customerId),
            ),
          );
          expect(left!.map(({ leaseStatus }) => leaseStatus)).toEqual(['past']);
          expect(came!.map(({ leaseStatus, state }) => [leaseStatus, state])).toEqual([['current', 'active']]);
          expect(came![0]!.personId).toBe(left![0]!.personId);
        },
        60_000,
      );
  });

  it('a third of the people gone is held for a person; nobody is moved out', async () => {
    const connections = await owner.get<{ items: { id: string; pms: string; properties: number }[] }>('/v1/connections');
    const entrata = connections.items.find(({ pms, properties }) => pms === 'entrata' && properties > 0)!;
    const { items } = await owner.get<{ items: AdoptedProperty[] }>(`/v1/connections/${entrata.id}/properties`);
    const property = items[0]!;
    await owner.expect(200, 'PUT', `/v1/properties/${property.propertyId}/sync/policy`, {
      body: { policy: { brakeCount: 2 } },
      headers: { 'if-match': '*' },
    });
    const before = await scene.residents(property.propertyId, 'active,pending-import');
    await scene.control('faults', { kind: 'vanish', vendor: 'entrata' });
    const run = await scene.sweep(property.propertyId);
    await scene.simulators.control.clearFaults();
    expect(run.counts['held']).toBeGreaterThan(0);
    expect((await scene.residents(property.propertyId, 'active,pending-import')).length).toBe(before.length);
    expect(await scene.holds(property.propertyId)).toHaveLength(1);
    // the people are back: the hold goes by itself
    await scene.sweep(property.propertyId);
    expect(await scene.holds(property.propertyId)).toHaveLength(0);
  }, 240_000);
});
