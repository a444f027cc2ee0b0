import { auditEntriesRetired, auditRetentionChanged } from '@leasewire/contracts';
import { callBy, fixedClock, ownerOf, staffActor } from '@leasewire/testing';
import { everything, newWorld, Organization, type World } from '../audit.world.js';

const clock = fixedClock('2026-01-01T00:00:00.000Z');
let world: World;
beforeAll(async () => {
  world = await newWorld({ clock });
});

const day = { days: 1 };
const seqsOf = async (org: Organization): Promise<number[]> =>
  (await world.entries.list(org.orgId, everything, staffActor())).items.map(({ seq }) => seq);
const owner = (org: Organization) => callBy(ownerOf(org.orgId));

/** Ten entries, one a day. */
async function tenDays(org: Organization): Promise<void> {
  for (let n = 0; n < 10; n++) {
    await world.recorder.record(org.orgId, [org.staffChanged(n, { time: clock.now() })]);
    await world.heads.announce(org.orgId);
    clock.advance(day);
  }
}

describe('the retention policy', () => {
  it('keeps everything until somebody sets one, and knows its versions', async () => {
    const org = new Organization();
    expect(await world.retention.policy(org.orgId)).toEqual({ days: null, version: 0 });
    expect(await world.retention.setPolicy(owner(org), 30, 0)).toEqual({ days: 30, version: 1 });
    await expect(world.retention.setPolicy(owner(org), 60, 0)).rejects.toMatchObject({ code: 'conflict.version' });
    expect(await world.retention.setPolicy(owner(org), null, undefined)).toEqual({ days: null, version: 2 });
    expect(await world.told(auditRetentionChanged, org.orgId)).toMatchObject([
      { retention: { days: 30 } },
      { retention: { days: null } },
    ]);
    expect(await world.policies.find(org.orgId)).not.toHaveProperty('due');
  });
});

describe('entries that are too old', () => {
  it('leave the chain at its beginning, and it still verifies, also with a head of before', async () => {
    const org = new Organization();
    await tenDays(org);
    const { head } = (await world.chains.find(org.orgId))!;
    await world.retention.setPolicy(owner(org), 30, undefined);
    clock.advance({ days: 24, hours: 1 });
    await world.retention.retire(org.orgId);
    expect(await seqsOf(org)).toEqual([6, 7, 8, 9, 10]);
    expect(await world.verify(org.orgId, head!)).toMatchObject({ intact: true, from: 6, to: 10, entries: 5, faults: [] });
    expect(await world.told(auditEntriesRetired, org.orgId)).toMatchObject([{ upTo: 5 }]);
    expect(await world.rows('heads').countDocuments({ orgId: org.orgId })).toBe(5);

    await world.recorder.record(org.orgId, [org.staffChanged(99, { time: clock.now() })]);
    expect(await world.verify(org.orgId)).toMatchObject({ intact: true, from: 6, to: 11 });
  });

  it('all of them may go; the next one follows what is gone', async () => {
    const org = new Organization();
    await tenDays(org);
    await world.retention.setPolicy(owner(org), 30, undefined);
    clock.advance({ days: 60 });
    await world.retention.retire(org.orgId);
    expect(await seqsOf(org)).toEqual([]);
    expect(await world.verify(org.orgId)).toMatchObject({ intact: true, from: 11, to: 10, entries: 0 });
    await world.recorder.record(org.orgId, [org.staffChanged(99, { time: clock.now() })]);
    expect(await seqsOf(org)).toEqual([11]);
    expect(await world.verify(org.orgId)).toMatchObject({ intact: true, from: 11, to: 11, entries: 1 });
  });

  it('go in batches, and one that is put back is found', async () => {
    const org = new Organization();
    for (let n = 0; n < 3; n++) await world.recorder.record(org.orgId, org.staffChanges(200, { time: clock.now() }));
    const third = await world.rows('entries').findOne({ orgId: org.orgId, seq: 3 });
    await world.retention.setPolicy(owner(org), 30, undefined);
    clock.advance({ days: 31 });
    await world.retention.retire(org.orgId);
    expect(await world.rows('entries').countDocuments({ orgId: org.orgId })).toBe(0);
    expect(await world.told(auditEntriesRetired, org.orgId)).toMatchObject([{ upTo: 600 }]);
    await world.rows('entries').insertOne(third!);
    expect(await world.verify(org.orgId)).toMatchObject({
      intact: false,
      faults: [{ kind: 'inserted', seq: 3, entryId: third!._id }],
    });
  });

  it('are looked for every day, and an event tells of it only when there was something besides its own traces', async () => {
    const org = new Organization();
    await world.recorder.record(org.orgId, [
      org.fact(auditEntriesRetired, { orgId: org.orgId, upTo: 4, hash: 'x' }, { time: clock.now() }),
    ]);
    await world.retention.setPolicy(owner(org), 30, undefined);
    clock.advance({ days: 31 });
    await world.retention.retire(org.orgId);
    expect(await seqsOf(org)).toEqual([]);
    expect(await world.told(auditEntriesRetired, org.orgId)).toEqual([]);
    expect((await world.policies.find(org.orgId))?.due?.at).toEqual(new Date(clock.now().getTime() + 86_400_000));
  });

  it('of another organization stay', async () => {
    const [org, other] = [new Organization(), new Organization()];
    await tenDays(org);
    await world.recorder.record(other.orgId, other.staffChanges(3, { time: clock.now() }));
    await world.retention.setPolicy(owner(org), 30, undefined);
    clock.advance({ days: 90 });
    await world.retention.retire(org.orgId);
    await world.retention.retire(other.orgId);
    expect(await seqsOf(other)).toEqual([1, 2, 3]);
  });
});
