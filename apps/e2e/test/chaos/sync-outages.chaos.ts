import { eventually, freshMongo, freshNats, type MongoServer, type NatsServer } from '@leasewire/testing';
import { operations, type FaultWish } from '@leasewire/simulators';
import { compared, customerIdOf, PmsScene, type AdoptedProperty, type ResidentView, type RunView } from '../../src/index.js';

/** Enough for two pages of leases in `npm test`; `npm run test:chaos` says ten thousand. */
const people = Number(process.env['LEASEWIRE_CHAOS_PEOPLE'] ?? 760);
const isLong = people >= 5_000;
/** Three seconds in `npm test`; `npm run test:chaos` keeps servers away for thirty. */
const awayMs = Number(process.env['LEASEWIRE_CHAOS_AWAY_MS'] ?? 3_000);
const away = () => new Promise((resolve) => setTimeout(resolve, awayMs));
const patience = isLong ? 300_000 : 120_000;

describe(`a sweep of about ${Math.round(people * 0.77)} people`, () => {
  let scene: PmsScene;
  let mongo: MongoServer;
  let nats: NatsServer;
  let property: AdoptedProperty;
  let round = 0;
  beforeAll(async () => {
    [mongo, nats] = await Promise.all([freshMongo(), freshNats({ trust: true, declaredHandlers: true })]);
    scene = await PmsScene.open({
      seed: 11,
      residents: people,
      vendors: ['entrata'],
      stack: { replicas: 1, mongoUri: mongo.uri, nats, env: { LEASEWIRE_PMS_RUN_LEASE_MS: '2000' } },
    });
    const [first] = scene.simulators.world().propertiesOf('entrata');
    [property] = (await scene.adopt(await scene.connect('entrata'), [first!.id])) as [AdoptedProperty];
    await scene.startService(property.propertyId);
  }, 600_000);
  afterAll(() => scene.close());

  const sweep = () => scene.sweep(property.propertyId, patience);
  const activeIn = (rows: readonly ResidentView[]) => rows.filter(({ state }) => state === 'active').length;
  const open = (rows: readonly ResidentView[]) => new Set(rows.filter(({ access }) => access.open).map(customerIdOf));

  /** Everybody has another name, so that a sweep has everybody to tell. */
  function renameAll(): number {
    const world = scene.simulators.world();
    const name = `Round${'abcdefghijklmnopqrstuvwxyz'[round++]}`;
    const ids = new Set(
      world.leasesOf(property.upstreamId).flatMap(({ members }) => members.map(({ customerId }) => customerId)),
    );
    for (const customerId of ids) operations['change']!.run(world, { customerId, lastName: name });
    return ids.size;
  }

  async function isTheModel(): Promise<ResidentView[]> {
    return eventually(
      async () => {
        const residents = await scene.residents(property.propertyId);
        const shown = { residents, units: await scene.units(property.propertyId), now: scene.now() };
        const windows = { timeZone: property.timeZone, futureMoveInDays: 3, futureMoveOutDays: 0 };
        const { differences } = compared(scene.simulators.world(), property.upstreamId, shown, windows);
        expect(differences).toEqual([]);
        return residents;
      },
      { timeoutMs: patience, everyMs: 500, what: 'directory is the model' },
    );
  }

  describe('with a fault of the PMS: the run says it in plain words, nobody is removed, and the next sweep repairs', () => {
    /** `how`: failed, not complete, or as if nothing had been; `says`: in the error, or a warning. */
    type How = 'fails' | 'is not complete' | 'is complete';
    const leases = { vendor: 'entrata', method: 'getLeases' } as const;
    const table: readonly (readonly [name: string, fault: Partial<FaultWish>, how: How, says: RegExp | null])[] = [
      ['401', { ...leases, kind: 'unauthorized' }, 'fails', /does not accept the credentials/],
      ['403 as a generic error', { ...leases, kind: 'forbidden' }, 'fails', /problem of its own|not permit|refused/],
      ['429 with its headers, twice', { ...leases, kind: 'rate-limited', retryAfterSeconds: 1, times: 2 }, 'is complete', null],
      ['500, twice', { ...leases, kind: 'broken', times: 2 }, 'is complete', null],
      ['500 for good', { ...leases, kind: 'broken' }, 'fails', /has a problem of its own \(500, the leases\)/],
      ['slow', { ...leases, kind: 'slow', ms: 300 }, 'is complete', null],
      ['cut in the middle of the body, once', { ...leases, kind: 'cut', times: 1 }, 'is complete', null],
      ['cut in the middle of the body for good', { ...leases, kind: 'cut' }, 'fails', /cannot be reached \(the leases\)/],
      ['invalid JSON', { ...leases, kind: 'invalid-json' }, 'fails', /the leases.*(JSON|cannot be read)/i],
      ['a loop of pages', { ...leases, kind: 'page-loop' }, 'fails', /sends the same page of leases again and again/],
      ['a page twice', { ...leases, kind: 'duplicate-page' }, 'fails', /sends the same page of leases again and again/],
      [
        'a total that shrinks',
        { ...leases, kind: 'shrinking-total' },
        'is not complete',
        /changed while it was read|announced \d+ leases and sent/,
      ],
      ['an empty success', { ...leases, kind: 'empty-success' }, 'is not complete', /announced \d+ leases and sent 0/],
      [
        'an empty list',
        { ...leases, kind: 'empty-list' },
        'is not complete',
        /shows nobody who lives there, although \d+ people do/,
      ],
      [
        'an empty success about units',
        { vendor: 'entrata', method: 'getPropertyUnits', kind: 'empty-success' },
        'is not complete',
        /shows no unit at all, although there were \d+/,
      ],
      [
        'a sentence instead of a result',
        { ...leases, kind: 'string-result' },
        'fails',
        /answered a sentence where the leases belong/,
      ],
      ['one object instead of a list', { vendor: 'entrata', kind: 'single-object' }, 'is complete', null],
      ['a third of the people gone', { ...leases, kind: 'vanish' }, 'is complete', null],
      ['a third more people', { ...leases, kind: 'appear' }, 'is complete', null],
    ];

    it.each(table)(
      '%s',
      async (name, fault, how, says) => {
        const before = await scene.residents(property.propertyId);
        const someone = before.find(({ leaseStatus, email }) => leaseStatus === 'current' && email !== null)!;
        const email = `fault.${name.replace(/\W/g, '').toLowerCase()}@example.com`;
        await scene.control('change', { customerId: customerIdOf(someone), email });
        await scene.control('faults', fault);
        const run = await sweep();
        await scene.simulators.control.clearFaults();

        expect(howItWent(run)).toBe(how);
        const words = [run.error, ...run.warnings].flatMap((one) => (one ? [one.message] : []));
        if (says) expect(words.join(' ')).toMatch(says);
        for (const sentence of words) expect(sentence).toMatch(/^[A-Z0-9].*[.!]$/);
        const after = await scene.residents(property.propertyId);
        expect(activeIn(after)).toBe(activeIn(before));
        expect([...open(before)].filter((id) => !open(after).has(id))).toEqual([]);
        if (name === 'a third of the people gone') {
          const [hold] = await scene.holds(property.propertyId);
          expect(hold!.banner).toMatch(/people vanished from entrata\. Nobody was moved out; look and decide\./i);
        }

        expect(await sweep()).toMatchObject({ state: 'done', complete: true, counts: { failed: 0, held: 0 } });
        expect(await scene.holds(property.propertyId)).toEqual([]);
        expect(await scene.owner.get(`/v1/residents/${someone.id}`)).toMatchObject({ email });
      },
      120_000,
    );

    it(
      'and after all of them directory is the model',
      async () => {
        await isTheModel();
      },
      patience,
    );

    const howItWent = ({ state, complete }: RunView): string =>
      state === 'failed' ? 'fails' : state !== 'done' ? state : complete ? 'is complete' : 'is not complete';
  });

  describe('in the middle of which something dies: goes on by itself, nobody is removed, everybody is told once, the run says it', () => {
    type Death = readonly [name: string, isNoticed: boolean, die: (begin: () => Promise<string>) => Promise<string>];
    const pmsSync = () => scene.platform.processes('pms-sync')[0]!;
    /** So that there is something before and behind. */
    const inTheMiddle = Math.max(2, Math.floor((people * 0.77) / 100 / 2));
    const killedAt = (step: string): Death => [
      `pms-sync, at ${step}`,
      true,
      async (begin) => {
        const dying = scene.platform.dieAt(pmsSync(), `${step}:${inTheMiddle}`);
        const job = begin();
        await scene.platform.replace(await dying);
        return job;
      },
    ];
    /** Somebody is told of already. */
    const toldSome = () =>
      eventually(
        async () => {
          const [run] = await scene.runs(property.propertyId);
          const { items } = await scene.owner.get<{ items: unknown[] }>(`/v1/sync-runs/${run!.id}/outcomes?limit=1`);
          return run!.state !== 'queued' && items.length > 0;
        },
        { timeoutMs: patience, everyMs: 20 },
      );
    const away_ = (name: string, server: () => MongoServer | NatsServer): Death => [
      `${name}, for ${awayMs / 1000} s`,
      false,
      async (begin) => {
        const job = await begin();
        await toldSome();
        await server().stop('SIGKILL');
        await away();
        await server().start();
        return job;
      },
    ];
    const deaths: readonly Death[] = [
      killedAt('sync-after-apply'),
      ...(isLong ? [killedAt('sync-before-apply'), killedAt('sync-after-record')] : []),
      [
        'directory',
        false,
        async (begin) => {
          const job = await begin();
          await toldSome();
          await scene.platform.replace(scene.platform.processes('directory')[0]!);
          return job;
        },
      ],
      away_('MongoDB', () => mongo),
      away_('NATS', () => nats),
    ];

    it.each(deaths)(
      '%s',
      async (_name, isNoticed, die) => {
        const before = await isTheModel();
        const from = (await scene.owner.get<{ nextCursor: string }>('/v1/events?after=now')).nextCursor;
        renameAll();
        const target = { propertyIds: [property.propertyId] };
        const begin = async () => (await scene.owner.insist<{ id: string }>('POST', '/v1/sync-runs', { target })).body.id;
        const [run] = await scene.ended(await die(begin), patience);
        expect(run).toMatchObject({ state: 'done', complete: true, error: null, counts: { failed: 0, held: 0 } });
        // a call that is repeated until it is answered is no interruption
        const said = run!.warnings.map(({ code }) => code);
        expect(isNoticed || said.length > 0 ? said : ['sync.interrupted']).toEqual(['sync.interrupted']);
        const after = await isTheModel();
        expect(activeIn(after)).toBe(activeIn(before));
        // told again or not, each change happened once and is heard of once
        const changed = after.filter((row) => before.find(({ id }) => id === row.id)?.displayName !== row.displayName);
        expect(run!.counts.synced).toBe(changed.length);
        const heard = await eventually(
          async () => {
            const ids = await changesAfter(from);
            expect(new Set(ids).size).toBe(changed.length);
            return ids;
          },
          { timeoutMs: patience, everyMs: 300 },
        );
        expect(heard.length).toBe(changed.length);
      },
      patience * 3,
    );

    async function changesAfter(from: string): Promise<string[]> {
      const ids: string[] = [];
      for (let at = from, more = true; more;) {
        const page = await scene.owner.get<{
          items: { id: string; data: { resident: { id: string } } }[];
          nextCursor: string;
          more: boolean;
        }>(`/v1/events?limit=500&types=directory.resident.details-changed.v1&after=${at}`);
        ids.push(...page.items.map(({ data }) => data.resident.id));
        ({ nextCursor: at, more } = page);
      }
      return ids;
    }
  });
});
