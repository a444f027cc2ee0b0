import { auditPersonErased } from '@leasewire/contracts';
import { callBy, newStaffId, ownerOf, staffActor } from '@leasewire/testing';
import { everything, newWorld, Organization, type World } from '../audit.world.js';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

const ben = { name: 'Ben Ochoa', email: 'ben@harbour.example' };
async function scene() {
  const org = new Organization();
  const who = newStaffId();
  await world.recorder.record(org.orgId, [
    org.staffChanged(1),
    org.staffChanged(2, { who, ...ben }),
    org.staffChanged(3, { who, ...ben, name: 'Benno Ochoa' }),
  ]);
  const list = async (text?: string) => (await world.entries.list(org.orgId, { ...everything, text }, staffActor())).items;
  const erase = () => world.erasure.erase(callBy(ownerOf(org.orgId)), who);
  return { org, who, list, erase };
}

describe('when somebody is erased', () => {
  it('their fields cannot be read, and everything else can', async () => {
    const { org, list, erase } = await scene();
    expect((await list()).map(({ what }) => what)).toEqual([
      'Ana Reyes changed the details of Ana Reyes.',
      'Ana Reyes changed the details of Ben Ochoa.',
      'Ana Reyes changed the details of Benno Ochoa.',
    ]);
    expect(await erase()).toBe(true);
    expect(await list()).toMatchObject([
      { erased: false, actorName: 'Ana Reyes', what: 'Ana Reyes changed the details of Ana Reyes.' },
      {
        erased: true,
        actorName: 'Ana Reyes',
        what: 'Ana Reyes changed the details of (erased).',
        after: { staff: { name: null, email: null, roleIds: ['rol_2'] } },
      },
      {
        erased: true,
        before: { staff: { name: null, roleIds: ['rol_2'] } },
        after: { staff: { name: null, roleIds: ['rol_3'] } },
      },
    ]);
    expect(await world.verify(org.orgId)).toMatchObject({ intact: true, entries: 3 });
  });

  it('they are not found by name any more, others are', async () => {
    const { org, who, list, erase } = await scene();
    expect(await list('ochoa')).toHaveLength(2);
    await erase();
    await world.erasure.forget(org.orgId, who);
    expect(await list('ochoa')).toEqual([]);
    expect(await list('reyes changed')).toHaveLength(3);
    expect(await world.rows('entries').countDocuments({ orgId: org.orgId, 'terms.p': who })).toBe(0);
    expect(await world.verify(org.orgId)).toMatchObject({ intact: true });
  });

  it('nothing new of them is kept either', async () => {
    const { org, who, list, erase } = await scene();
    await erase();
    await world.recorder.record(org.orgId, [org.staffChanged(4, { who, name: 'Ben Again' })]);
    expect((await list()).at(-1)).toMatchObject({
      what: 'Ana Reyes changed the details of (erased).',
      erased: true,
      after: { staff: { roleIds: ['rol_4'] } },
    });
    expect(await list('again')).toEqual([]);
  });

  it('it happens once, is told once, and holds for people of whom nothing was recorded', async () => {
    const { org, who, erase } = await scene();
    expect([await erase(), await erase()]).toEqual([true, false]);
    expect(await world.told(auditPersonErased, org.orgId)).toEqual([{ personId: who }]);
    const stranger = newStaffId();
    expect(await world.erasure.erase(callBy(ownerOf(org.orgId)), stranger)).toBe(true);
    await world.recorder.record(org.orgId, [org.staffChanged(9, { who: stranger, name: 'Never Known' })]);
    expect((await world.entries.list(org.orgId, { ...everything, entity: stranger }, staffActor())).items).toMatchObject([
      { erased: true },
    ]);
  });

  it('the owner’s word is enough, and no other service’s', async () => {
    const { org, who, list } = await scene();
    const erased = (type: string) => org.fact({ type, service: type.split('.')[0]! }, { staff: { id: who } }, { subject: who });
    await world.recorder.record(org.orgId, [erased('parking.staff.erased.v1'), erased('identity.staff.archived.v1')]);
    expect((await list()).some((entry) => entry.erased)).toBe(false);
    await world.recorder.record(org.orgId, [erased('identity.staff.erased.v1')]);
    expect((await list('ochoa')).every((entry) => entry.erased)).toBe(true);
    expect(await world.told(auditPersonErased, org.orgId)).toEqual([{ personId: who }]);
  });

  it('the same person elsewhere is not touched', async () => {
    const { who, erase } = await scene();
    const other = new Organization();
    await world.recorder.record(other.orgId, [other.staffChanged(1, { who, ...ben })]);
    await erase();
    expect((await world.entries.list(other.orgId, everything, staffActor())).items).toMatchObject([
      { erased: false, after: { staff: ben } },
    ]);
  });
});
