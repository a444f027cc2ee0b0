import type { Fact, OrgId } from '@leasewire/contracts';
import { staffActor } from '@leasewire/testing';
import { everything, newWorld, Organization, type World } from '../audit.world.js';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

function gate() {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open: () => open() };
}

/** Every fact once, without gaps, and the chain holds. */
async function expectAll(orgId: OrgId, facts: readonly Fact[]): Promise<void> {
  const rows = await world.rows('entries').find({ orgId }).sort({ seq: 1 }).toArray();
  expect(rows.map((row) => row['seq'])).toEqual(facts.map((_fact, n) => n + 1));
  expect(rows.map((row) => row['eventId']).sort()).toEqual(facts.map((fact) => fact.id).sort());
  expect(await world.verify(orgId)).toMatchObject({ intact: true, entries: facts.length, faults: [] });
}

describe('events are recorded', () => {
  it('once, however often they are delivered, together or apart', async () => {
    const org = new Organization();
    const facts = org.staffChanges(10);
    await world.recorder.record(org.orgId, [...facts.slice(0, 6), ...facts.slice(0, 3)]);
    await world.recorder.record(org.orgId, facts);
    await Promise.all(facts.map((fact) => world.recorder.record(org.orgId, [fact])));
    await expectAll(org.orgId, facts);
  });

  it('by two replicas at once without a fork, a gap or a double', async () => {
    const org = new Organization();
    const other = await newWorld({ beside: world });
    const facts = org.staffChanges(120);
    const batches = Array.from({ length: 12 }, (_, n) => facts.slice(n * 10, n * 10 + 10));
    // every event goes to both, as when one of them was slow to acknowledge
    const by = async ({ recorder }: World) => {
      for (const batch of batches) await recorder.record(org.orgId, batch);
    };
    await Promise.all([by(world), by(other)]);
    await expectAll(org.orgId, facts);
  });

  it('by whoever goes on when a replica falls silent in the middle, and never by the late one again', async () => {
    const org = new Organization();
    const slow = await newWorld({ beside: world });
    const facts = org.staffChanges(4);
    const [held, taken] = [gate(), gate()];
    const find = slow.states.find.bind(slow.states);
    slow.states.find = async (tx, ...rest) => {
      slow.states.find = find;
      taken.open();
      // what the server does to the transaction of somebody who does not answer any more
      await world.db.client.db('admin').command({ killSessions: [{ id: tx.session.id?.['id'] }] });
      await held.passed;
      return find(tx, ...rest);
    };
    const late = slow.recorder.record(org.orgId, facts.slice(0, 3));
    await taken.passed;
    await world.recorder.record(org.orgId, facts);
    held.open();
    await late;
    await expectAll(org.orgId, facts);
  });

  it('in turns: a replica that is busy all the time leaves another one its own', async () => {
    const org = new Organization();
    const other = await newWorld({ beside: world });
    const work = { goesOn: true };
    let batches = 0;
    const atWork = (async () => {
      for (; work.goesOn; batches++) await world.recorder.record(org.orgId, org.staffChanges(40));
    })();
    for (let n = 0; n < 5; n++) await other.recorder.record(org.orgId, [org.staffChanged(n)]);
    for (let n = 0; n < 3; n++) await other.recorder.record(org.orgId, org.staffChanges(40));
    work.goesOn = false;
    await atWork;
    expect(await world.verify(org.orgId)).toMatchObject({ intact: true, to: batches * 40 + 5 + 120 });
  });

  it('each organization for itself', async () => {
    const [one, two] = [new Organization(), new Organization()];
    await Promise.all([
      world.recorder.record(one.orgId, one.staffChanges(3)),
      world.recorder.record(two.orgId, two.staffChanges(2)),
    ]);
    expect(await world.verify(one.orgId)).toMatchObject({ to: 3 });
    expect(await world.verify(two.orgId)).toMatchObject({ to: 2 });
  });

  it('in the order of versions where a batch has them mixed up', async () => {
    const org = new Organization();
    const [first, second, third] = org.staffChanges(3) as [Fact, Fact, Fact];
    await world.recorder.record(org.orgId, [third, first, second]);
    const { items } = await world.entries.list(org.orgId, everything, staffActor());
    expect(items.sort((a, b) => a.seq - b.seq).map((entry) => entry.entityVersion)).toEqual(
      [first, second, third].map((fact) => fact.version.version),
    );
  });

  it('with data that nobody foresaw', async () => {
    const org = new Organization();
    const contract = { type: 'future.thing.happened.v9', service: 'future' };
    const odd = [null, [], 'text', { $where: 1, 'a.b': { $gt: 2 } }, { '\ud800': '\ud800' }, JSON.parse('{"__proto__":{"x":1}}')];
    const facts = odd.map((data, n) => org.fact(contract, data, { subject: `odd\ud800${n}`, correlationId: 'half \udc00' }));
    await world.recorder.record(org.orgId, facts);
    await expectAll(org.orgId, facts);
    const { items } = await world.entries.list(org.orgId, everything, staffActor());
    expect(items.find(({ eventId }) => eventId === facts[3]!.id)?.after).toEqual({ $where: 1, 'a.b': { $gt: 2 } });
  });
});

describe('what is stored', () => {
  it('shows no name, address or word in plain text, not even in the states', async () => {
    const org = new Organization();
    await world.recorder.record(org.orgId, [org.staffChanged(1), org.staffChanged(2, { name: 'Renamed Person' })]);
    for (const name of ['entries', 'states', 'person_keys', 'chains']) {
      const text = JSON.stringify(await world.rows(name).find({ orgId: org.orgId }).toArray());
      expect(text).not.toMatch(/Ana|Reyes|Renamed|harbour\.example/);
    }
    const { items } = await world.entries.list(org.orgId, { ...everything, sort: '-at' }, staffActor());
    expect(items.map(({ what }) => what)).toContain('Renamed Person changed the details of Renamed Person.');
    expect(items.find(({ entityVersion }) => entityVersion === 2)).toMatchObject({
      actorName: 'Renamed Person',
      before: { staff: { name: 'Ana Reyes', roleIds: ['rol_1'] } },
      after: { staff: { name: 'Renamed Person', roleIds: ['rol_2'] } },
      erased: false,
    });
  });
});
