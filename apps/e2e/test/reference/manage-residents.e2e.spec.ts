import { eventually } from '@leasewire/testing';
import { customerIdOf, PmsScene, type AdoptedProperty, type ResidentView, type RunOutcomeView } from '../../src/index.js';

/**
 * Sentence by sentence what property managers read today ("Manage Residents", Entrata-integrated Wi-Fi) about syncing and seeing
 * residents and units. What it says of messages, rent blocks and passwords belongs to the services that do them.
 */
describe('Manage Residents (the reference for property managers)', () => {
  let scene: PmsScene;
  let home: AdoptedProperty;
  let elsewhere: AdoptedProperty;
  let connectionId: string;
  beforeAll(async () => {
    scene = await PmsScene.open({ seed: 23, residents: 160, vendors: ['entrata'], movesTime: true });
    connectionId = await scene.connect('entrata');
    [home, elsewhere] = (await scene.adopt(connectionId)) as [AdoptedProperty, AdoptedProperty];
    for (const { propertyId } of [home, elsewhere]) await scene.startService(propertyId);
  }, 120_000);
  afterAll(() => scene.close());

  const used = new Set<string>();
  interface Someone {
    readonly customerId: string;
    readonly leaseId: string;
    readonly unitId: string;
    readonly bedroomId: string;
    readonly resident: ResidentView;
  }

  /** Somebody who lives here, alone on the lease, in a unit that no other test touches. */
  async function someone(): Promise<Someone> {
    const world = scene.simulators.world();
    const lease = world
      .leasesOf(home.upstreamId)
      .find(
        ({ status, members, moveOut, moveIn, unitId }) =>
          status === 'Current' &&
          moveOut === null &&
          moveIn < world.today &&
          members.length === 1 &&
          !used.has(unitId) &&
          world.units.get(unitId)?.by === 'bed',
      );
    if (!lease) throw new Error('nobody is left; make the world larger');
    used.add(lease.unitId);
    const { customerId } = lease.members[0]!;
    return {
      customerId,
      leaseId: lease.id,
      unitId: lease.unitId,
      bedroomId: lease.bedroomIds[0]!,
      resident: await rowOf(customerId),
    };
  }

  async function rowOf(customerId: string, { propertyId } = home): Promise<ResidentView> {
    const row = (await scene.residents(propertyId)).find((one) => customerIdOf(one) === customerId);
    if (!row) throw new Error(`${customerId} is not in directory`);
    return row;
  }

  const day = (days: number) =>
    new Date(Date.parse(scene.simulators.world().today) + days * 86_400_000).toISOString().slice(0, 10);
  const syncResident = async ({ id }: ResidentView): Promise<RunOutcomeView> => {
    const [run] = await scene.sync({ residents: { ids: [id] } });
    expect(run).toMatchObject({ state: 'done', scope: 'residents' });
    const [outcome] = await scene.outcomes(run!.id);
    return outcome!;
  };
  const ourUnit = async (unitId: string) => (await scene.units(home.propertyId)).find(({ upstreamId }) => upstreamId === unitId)!;
  const syncUnit = async (...unitIds: string[]): Promise<RunOutcomeView[]> => {
    const ids = await Promise.all(unitIds.map(async (id) => (await ourUnit(id)).id));
    const [run] = await scene.sync({ units: { ids } });
    expect(run).toMatchObject({ state: 'done', scope: 'units' });
    return scene.outcomes(run!.id);
  };
  const about = (outcomes: readonly RunOutcomeView[], customerId: string) =>
    outcomes.find((one) => customerIdOf(one) === customerId);

  describe('Manage Residents', () => {
    it('“The Residents page shows you the status (if Wi-Fi access is active or blocked) of each resident, as well as their first and last name and the unit and bedroom they live in.”', async () => {
      // whoever gains access when service starts has it within seconds
      const items = await eventually(async () => {
        const page = await scene.owner.get<{ items: ResidentView[] }>(`/v1/residents?propertyId=${home.propertyId}&limit=50`);
        expect(page.items.filter(({ leaseStatus, access }) => leaseStatus === 'current' && !access.open)).toEqual([]);
        return page.items;
      });
      const world = scene.simulators.world();
      for (const row of items.filter(({ leaseStatus }) => leaseStatus === 'current')) {
        const model = world.customers.get(customerIdOf(row))!;
        expect(row.name).toMatchObject({ first: model.firstName.normalize('NFC'), last: model.lastName.normalize('NFC') });
        expect(row.occupancy?.unit).toEqual(expect.any(String));
        expect(row.access).toMatchObject({ open: true });
        // what the network proves is the network’s to tell; until it has, nothing is claimed
        expect(row).toHaveProperty('wifiStatus', null);
      }
      expect(items.some(({ occupancy }) => /^[A-D]$/.test(occupancy?.bedroom ?? ''))).toBe(true);
    });

    it('“Choose multiple residents at once and click Bulk Operations to perform any of these actions on a group of residents.” Chosen one by one, or all that match a filter.', async () => {
      const [one, other] = [await someone(), await someone()];
      for (const { customerId } of [one, other])
        await scene.control('change', { customerId, email: `bulk.${customerId}@example.com` });
      const [run] = await scene.sync({ residents: { ids: [one.resident.id, other.resident.id] } });
      expect(run!.counts).toMatchObject({ synced: 2, failed: 0 });
      await scene.control('change', { customerId: one.customerId, email: 'filter@example.com' });
      const filter = { propertyId: home.propertyId, search: `bulk.${one.customerId}` };
      const [filtered] = await scene.sync({ residents: { filter, except: [] } });
      expect(filtered!.counts).toMatchObject({ synced: 1, failed: 0 });
      expect((await rowOf(one.customerId)).email).toBe('filter@example.com');
    }, 30_000);

    it('“You can also sync all residents at once on the Entrata page.”', async () => {
      const runs = await scene.sync({ connectionId });
      expect(runs.map(({ propertyId, scope, complete }) => ({ propertyId, scope, complete }))).toEqual(
        expect.arrayContaining([home, elsewhere].map(({ propertyId }) => ({ propertyId, scope: 'sweep', complete: true }))),
      );
    }, 30_000);

    describe('Sync Resident', () => {
      it('“Syncing with Entrata runs across your property every 30 minutes, but you can also trigger it manually for a particular resident.”', async () => {
        const synced = await scene.owner.get<{ policy: object; nextRunAt: string }>(`/v1/properties/${home.propertyId}/sync`);
        expect(synced.policy).toMatchObject({ everyMinutes: 30 });
        expect(Date.parse(synced.nextRunAt) - scene.now().getTime()).toBeLessThanOrEqual(30 * 60_000);
        const byItself = async () => (await scene.runs(home.propertyId)).find(({ cause }) => cause === 'schedule');
        const before = await byItself();
        await scene.passMinutes(30);
        await eventually(
          async () => {
            const after = await byItself();
            expect(after).toMatchObject({ state: 'done' }); // one that still goes would see what the next tests change
            expect(after!.id).not.toBe(before?.id);
          },
          { timeoutMs: 20_000 },
        );
        const { resident } = await someone();
        expect((await syncResident(resident)).light).toBe('SKIP');
      }, 40_000);

      it('“Get their current lease status and move out … the resident if needed”', async () => {
        const { leaseId, resident } = await someone();
        await scene.control('move-out', { leaseId });
        expect(await syncResident(resident)).toMatchObject({ outcome: 'synced', light: 'green', decision: 'deactivate' });
        expect(await rowOf(customerIdOf(resident))).toMatchObject({
          state: 'archived',
          leaseStatus: 'past',
          occupancy: { endedAt: expect.any(String) as string },
        });
      });

      it('“… or transfer the resident if needed”: the same resident in another unit', async () => {
        const { leaseId, customerId, resident } = await someone();
        const { unitId } = await scene.control<{ unitId: string }>('transfer', { leaseId });
        expect(await syncResident(resident)).toMatchObject({ outcome: 'synced', decision: 'transfer' });
        const row = await rowOf(customerId);
        expect(row.id).toBe(resident.id);
        expect(row.occupancy).toMatchObject({ status: 'current', unitId: (await ourUnit(unitId)).id });
      });

      it('“Sync the resident’s information like email address, phone number, and bedroom name”', async () => {
        const { customerId, unitId, bedroomId, resident } = await someone();
        await scene.control('change', { customerId, email: 'new.address@example.com', phone: '(217) 555-0123' });
        await scene.control('rename-bedroom', { unitId, bedroomId, name: 'North' });
        expect(await syncResident(resident)).toMatchObject({ outcome: 'synced', decision: 'update' });
        expect(await rowOf(customerId)).toMatchObject({
          email: 'new.address@example.com',
          phones: [{ e164: '+12175550123' }],
          occupancy: { bedroom: 'North' },
        });
      });

      it('“Give … Wi-Fi access as needed”: on the day of the move-in, whoever waited has access', async () => {
        const { customerId, leaseId } = await scene.control<{ customerId: string; leaseId: string }>('move-in', {
          propertyId: home.upstreamId,
          date: day(20),
        });
        await scene.sweep(home.propertyId);
        const waiting = await rowOf(customerId);
        expect(waiting.access).toMatchObject({ open: false, reason: 'not-yet' });
        await scene.control('move-in', { leaseId });
        expect(await syncResident(waiting)).toMatchObject({ outcome: 'synced' });
        expect((await rowOf(customerId)).access).toMatchObject({ open: true, reason: 'lease' });
      }, 30_000);

      it('“… remove Wi-Fi access as needed”: whoever left has none, the same hour', async () => {
        const { customerId, leaseId, resident } = await someone();
        expect(resident.access.open).toBe(true);
        await scene.control('move-out', { leaseId });
        await syncResident(resident);
        expect(await rowOf(customerId)).toMatchObject({ state: 'archived', access: { open: false, reason: 'moved-out' } });
      });

      it('“This will not: Sync the user when the user has moved to another property”', async () => {
        const { customerId, leaseId, resident } = await someone();
        await scene.control('transfer', { leaseId, propertyId: elsewhere.upstreamId });
        const outcome = await syncResident(resident);
        expect(outcome).toMatchObject({
          decision: 'deactivate',
          reason: { message: expect.stringMatching(/moved to another property.*its own sync/) as string },
        });
        await expect(rowOf(customerId, elsewhere)).rejects.toThrow('is not in directory');
        await scene.sweep(elsewhere.propertyId);
        expect(await rowOf(customerId, elsewhere)).toMatchObject({
          personId: resident.personId,
          leaseStatus: 'current',
          access: { open: true },
        });
      }, 30_000);

      it('somebody whom the PMS does not find is said to be not found, and never moved out', async () => {
        const { customerId, resident } = await someone();
        await scene.control('faults', { vendor: 'entrata', method: 'getLeases', kind: 'empty-success' });
        const outcome = await syncResident(resident);
        await scene.simulators.control.clearFaults();
        expect(outcome).toMatchObject({
          outcome: 'failed',
          light: 'red',
          reason: { message: expect.stringMatching(/not found upstream/i) as string },
        });
        expect(await rowOf(customerId)).toMatchObject({ leaseStatus: 'current', access: { open: true } });
      });
    });
  });

  describe('Manage Units', () => {
    it('“Toggle the Residents page to Units to view information about the units in your property, such as building number, unit number, number of bedrooms, and number of residents.”', async () => {
      await scene.sweep(home.propertyId);
      const world = scene.simulators.world();
      const units = await scene.units(home.propertyId);
      expect(units).toHaveLength(world.unitsOf(home.upstreamId).length);
      const residents = await scene.residents(home.propertyId, 'active');
      for (const unit of units) {
        const model = world.units.get(unit.upstreamId!)!;
        expect(unit).toMatchObject({ building: model.building, number: model.number });
        expect(unit.bedrooms.length).toBe(model.by === 'bed' ? model.bedrooms.length : 0);
        const living = residents.filter(({ occupancies }) =>
          occupancies.some(({ unitId, endedAt }) => unitId === unit.id && endedAt === null),
        );
        expect(unit.residents).toBe(living.length);
      }
    }, 30_000);

    it('“Choose multiple units at once and click Bulk Operations to perform any of these actions on the residents of a group of units.”', async () => {
      const [one, other] = [await someone(), await someone()];
      for (const { customerId } of [one, other])
        await scene.control('change', { customerId, email: `units.${customerId}@example.com` });
      const outcomes = await syncUnit(one.unitId, other.unitId);
      for (const { customerId } of [one, other])
        expect(about(outcomes, customerId)).toMatchObject({ outcome: 'synced', light: 'green' });
    });

    describe('Sync Unit', () => {
      it('“Syncing with Entrata runs across your property every 30 minutes, but you can also trigger it manually for a particular unit.”', async () => {
        const [one, other] = [await someone(), await someone()];
        await scene.control('change', { customerId: one.customerId, lastName: 'Here' });
        await scene.control('change', { customerId: other.customerId, lastName: 'Elsewhere' });
        const living = async () =>
          (await scene.residents(home.propertyId, 'active')).filter(({ occupancy }) => occupancy?.unitId === unitId);
        const { id: unitId } = await ourUnit(one.unitId);
        const outcomes = await syncUnit(one.unitId);
        expect(
          outcomes
            .filter(({ outcome }) => outcome !== 'skipped')
            .map(customerIdOf)
            .sort(),
        ).toEqual((await living()).map(customerIdOf).sort());
        expect(about(outcomes, one.customerId)).toMatchObject({ light: 'green' });
        expect((await rowOf(one.customerId)).name.last).toBe('Here');
        expect((await rowOf(other.customerId)).name.last).not.toBe('Elsewhere');
      });

      it('asked for by the unit that somebody left for another one today: the same resident lives there, and keeps access', async () => {
        const { customerId, leaseId, unitId, resident } = await someone();
        const moved = await scene.control<{ unitId: string }>('transfer', { leaseId });
        expect(about(await syncUnit(unitId), customerId)).toMatchObject({ decision: 'transfer', outcome: 'synced' });
        const row = await rowOf(customerId);
        expect(row).toMatchObject({ id: resident.id, state: 'active', leaseStatus: 'current', access: { open: true } });
        expect(row.occupancy?.unitId).toBe((await ourUnit(moved.unitId)).id);
      });

      it('“Sync the lease status of each resident in the unit”: who came is there, who left is not', async () => {
        const { leaseId, customerId, unitId, bedroomId } = await someone();
        await scene.control('move-out', { leaseId });
        const came = await scene.control<{ customerId: string }>('move-in', { propertyId: home.upstreamId, unitId, bedroomId });
        const outcomes = await syncUnit(unitId);
        expect(about(outcomes, customerId)).toMatchObject({ decision: 'deactivate' });
        expect(about(outcomes, came.customerId)).toMatchObject({ decision: 'register' });
        expect(await rowOf(came.customerId)).toMatchObject({ leaseStatus: 'current', access: { open: true } });
      });

      it('“Status is shown by the light (green = successful, SKIP = no changes)”', async () => {
        const { customerId, unitId } = await someone();
        await scene.control('change', { customerId, lastName: 'Lightfoot' });
        expect(about(await syncUnit(unitId), customerId)).toMatchObject({ outcome: 'synced', light: 'green' });
        const again = await syncUnit(unitId);
        expect(about(again, customerId)).toMatchObject({ outcome: 'unchanged', light: 'SKIP' });
      });

      it('“Sync the resident’s information like name, email, phone number, and bedroom name”', async () => {
        const { customerId, unitId, bedroomId } = await someone();
        await scene.control('change', {
          customerId,
          firstName: 'Noor',
          lastName: 'Haddad',
          email: 'noor@example.com',
          phone: '217-555-0188',
        });
        await scene.control('rename-bedroom', { unitId, bedroomId, name: 'South' });
        await syncUnit(unitId);
        expect(await rowOf(customerId)).toMatchObject({
          name: { first: 'Noor', last: 'Haddad' },
          email: 'noor@example.com',
          phones: [{ e164: '+12175550188' }],
          occupancy: { bedroom: 'South' },
        });
      });

      it('“Give/remove Wi-Fi access as needed”', async () => {
        const { leaseId, customerId, unitId, bedroomId } = await someone();
        await scene.control('move-out', { leaseId });
        const came = await scene.control<{ customerId: string }>('move-in', { propertyId: home.upstreamId, unitId, bedroomId });
        await syncUnit(unitId);
        expect((await rowOf(customerId)).access.open).toBe(false);
        expect((await rowOf(came.customerId)).access.open).toBe(true);
      });

      it('“This will not: Sync the resident when the resident has moved to another property”', async () => {
        const { customerId, leaseId, unitId } = await someone();
        await scene.control('transfer', { leaseId, propertyId: elsewhere.upstreamId });
        await syncUnit(unitId);
        expect(await rowOf(customerId)).toMatchObject({ leaseStatus: 'past' });
        await expect(rowOf(customerId, elsewhere)).rejects.toThrow('is not in directory');
      });
    });

    it('“Click View Residents to view the enrollment status, name, and bedroom name of each resident in a unit.”', async () => {
      const { unitId, resident } = await someone();
      const { items } = await scene.owner.get<{ items: ResidentView[] }>(`/v1/units/${(await ourUnit(unitId)).id}/residents`);
      const row = items.find(({ id }) => id === resident.id);
      expect(row).toMatchObject({ displayName: resident.displayName, occupancy: { bedroom: resident.occupancy!.bedroom } });
      // how far they are with their account is onboarding’s to tell; the column is there
      expect(row).toHaveProperty('accountStatus');
    });
  });
});
