import { ModelRun, PmsScene, type Watched } from '../src/index.js';

/** Some thousand operations in `npm test`; `npm run test:model` says how many more. The seed is printed, LEASEWIRE_MODEL_SEED repeats it. */
const cycles = Number(process.env['LEASEWIRE_MODEL_CYCLES'] ?? 16);
const operations = Number(process.env['LEASEWIRE_MODEL_OPERATIONS'] ?? 130);
const killShare = Number(process.env['LEASEWIRE_MODEL_KILLS'] ?? 0);
/** Removals are held as soon as three go at once. */
const brakeCount = 2;
const seed = Number(process.env['LEASEWIRE_MODEL_SEED'] ?? 4);

describe(`a model of the world, changed at random between ${cycles} syncs with faults and days that go by (seed ${seed})`, () => {
  let scene: PmsScene;
  const properties: Watched[] = [];
  beforeAll(async () => {
    scene = await PmsScene.open({
      seed,
      residents: 150,
      vendors: ['entrata', 'buildium', 'propertyiq', 'stratamax'],
      movesTime: true,
      stack: { env: { LEASEWIRE_PMS_RUN_LEASE_MS: '2000' } },
    });
    for (const vendor of ['entrata', 'buildium', 'propertyiq', 'stratamax'] as const) {
      const connectionId = await scene.connect(vendor);
      const kind = vendor === 'entrata' || vendor === 'buildium' ? 'rental' : 'strata';
      const ids = scene.simulators
        .world()
        .propertiesOf(vendor, kind)
        .map(({ id }) => (vendor === 'buildium' ? `rental-${id}` : id));
      // one of the three PropertyIQ communities is enough
      for (const property of await scene.adopt(connectionId, vendor === 'propertyiq' ? ids.slice(0, 1) : ids)) {
        await scene.startService(property.propertyId);
        // removals are held as soon as three go at once, and sweeps come when we say so, or once a day
        await scene.owner.expect(200, 'PUT', `/v1/properties/${property.propertyId}/sync/policy`, {
          body: { policy: { brakeCount, brakeShare: 0, everyMinutes: 1440 } },
          headers: { 'if-match': '*' },
        });
        properties.push({ ...property, vendor, kind });
      }
    }
  }, 120_000);
  afterAll(() => scene.close());

  it(
    'is what directory shows after each undisturbed sync and after a quiet period; nobody loses access that a lease gives them',
    async () => {
      const run = new ModelRun(scene, properties, {
        seed,
        cycles,
        operations,
        brakeCount,
        faultShare: 0.4,
        dayShare: 0.3,
        killShare,
      });
      try {
        await run.run();
      } catch (error) {
        for (const { app, pid, logs } of scene.platform.processes())
          process.stderr.write(`${app} ${pid}:\n${logs.slice(-10_000)}\n`);
        throw error;
      } finally {
        if (process.env['LEASEWIRE_MODEL_TALLY']) process.stderr.write(`${JSON.stringify(run.tally)}\n`);
      }
      // in the end less is possible: many have left
      expect(run.tally.operations).toBeGreaterThan(cycles * operations * (cycles > 16 ? 0.2 : 0.3));
      expect(run.tally.faults).toBeGreaterThan(0);
      if (cycles >= 16) expect(Math.min(run.tally.residents, run.tally.units)).toBeGreaterThan(0);
    },
    60_000 + cycles * 20_000,
  );
});
