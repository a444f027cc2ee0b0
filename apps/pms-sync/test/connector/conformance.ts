import { UpstreamPerson, UpstreamUnit } from '@leasewire/contracts';
import { silentLog } from '@leasewire/messaging';
import { fixedClock } from '@leasewire/testing';
import fc from 'fast-check';
import type { Connector, VendorReply, VendorRequest } from '../../src/connector/connector.js';
import { VendorError } from '../../src/connector/vendor-error.js';
import { fakeVendor, knowing, reply, sweep, type Swept } from './fake-vendor.js';
import { mutated } from './mutations.js';
import type { SmallWorld } from './small-worlds.js';

type Answer = (request: VendorRequest) => VendorReply;

/** What every connector must do, whatever its vendor. */
export function connectorConformance(name: string, world: SmallWorld): void {
  const { definition, property, people, settings, credentials } = world;
  const openWith = (answer: Answer): Connector =>
    definition.open({ settings, credentials, http: fakeVendor(answer), clock: fixedClock(), log: silentLog });
  const connector = () => openWith(world.answer);
  const sweepOf = (answer: Answer, wanted = {}) => sweep(openWith(answer).fetchPeople(property, wanted));
  const outcomeOf = async (answer: Answer): Promise<Swept | VendorError> =>
    await sweepOf(answer).catch((error: unknown) => {
      if (error instanceof VendorError) return error;
      throw error;
    });
  const saysNothing = (outcome: Swept | VendorError) => outcome instanceof VendorError || outcome.complete === false;
  const isToken = (request: VendorRequest) => request.url.includes('access_token');
  const onLaterPages =
    (change: (request: VendorRequest) => VendorReply): Answer =>
    (request) =>
      !isToken(request) && world.pageOf(request) > 1 ? change(request) : world.answer(request);

  describe(`the connector of ${name}`, () => {
    it('has a form for all it wants, and its credentials are secret', () => {
      const keys = (schema: typeof definition.settings) => Object.keys(schema.shape);
      const fields = Object.fromEntries(definition.fields.map((field) => [field.name, field.secret]));
      expect(fields).toEqual(
        Object.fromEntries([
          ...keys(definition.settings).map((key) => [key, false]),
          ...keys(definition.credentials).map((key) => [key, true]),
        ]),
      );
      expect(definition.address(settings)).toMatch(/^https:/);
    });

    describe('tests a connection', () => {
      it('that works', async () => {
        expect(await connector().test()).toMatchObject({ ok: true, code: 'ok' });
      });
      const refusing =
        (code: ConstructorParameters<typeof VendorError>[0], more = {}) =>
        () => {
          throw new VendorError(code, 'As told by the door.', more);
        };
      it.each<[string, Answer, string]>([
        ['with a wrong key', () => reply({}, 401), 'wrong-key'],
        ['without permission', (request) => (isToken(request) ? world.answer(request) : reply({}, 403)), 'method-not-permitted'],
        ['at a wrong address', refusing('unreachable', { field: 'address' }), 'wrong-address'],
        ['at an address that knows nothing of us', () => reply('', 404), 'wrong-address'],
        ['that is down', refusing('unreachable'), 'unreachable'],
        ['that is slow', refusing('timeout'), 'unreachable'],
        ['that allows no more', refusing('rate-limited', { retryAfterMs: 90_000 }), 'rate-limited'],
        ['that talks nonsense', () => reply('<html>'), 'unexpected-answer'],
      ])('%s', async (_name, answer, code) => {
        const diagnosis = await openWith(answer).test();
        expect(diagnosis).toMatchObject({ ok: false, code });
        expect(diagnosis.message).not.toMatch(/secret-|undefined|null/);
      });
    });

    it('lists its property, and units that are units', async () => {
      expect((await connector().listProperties()).map(({ id }) => id)).toContain(property.upstreamId);
      const units = await connector().fetchUnits(property);
      expect(units.map((unit) => UpstreamUnit.parse(unit))).toEqual(units);
      expect(units.length).toBeGreaterThan(0);
    });

    describe('sweeps', () => {
      it('all pages: everybody once, in known units, and says that it is complete', async () => {
        const swept = await sweepOf(world.answer);
        expect(swept).toMatchObject({ rejected: [], complete: true });
        expect(swept.people.map((person) => person.upstreamId).sort()).toEqual([...people].sort());
        expect(swept.people.map((person) => UpstreamPerson.parse(person))).toEqual(swept.people);
        const units = new Set((await connector().fetchUnits(property)).map((unit) => unit.upstreamId));
        expect(swept.people.flatMap((person) => person.stays).every((stay) => units.has(stay.unitId ?? ''))).toBe(true);
      });
      it('the same twice', async () => {
        expect(await sweepOf(world.answer)).toEqual(await sweepOf(world.answer));
      });
      it('and who remembers the rows of the first sweep has everybody in the second all the same', async () => {
        const first = await sweepOf(world.answer, { known: knowing(new Map()) });
        expect(first.people).toEqual((await sweepOf(world.answer)).people);
        const second = await sweepOf(world.answer, { known: knowing(first.rows) });
        expect([...second.people.map(({ upstreamId }) => upstreamId), ...second.same].sort()).toEqual([...people].sort());
        expect(second).toMatchObject({ rejected: [], complete: true });
      });
      it.each<[string, Answer]>([
        ['the first page again and again', onLaterPages((request) => world.answer(world.withPage(request, 1)))],
        ['a page that is empty although there are more', onLaterPages((request) => world.answer(world.withPage(request, 99)))],
        [
          'a later page that was cut',
          onLaterPages((request) => ({ ...world.answer(request), text: world.answer(request).text.slice(0, -5) })),
        ],
        ['a later page that is refused', onLaterPages(() => reply({}, 403))],
        ['pages of HTML', onLaterPages(() => reply('<html>busy</html>'))],
        ['an empty success', onLaterPages(() => reply({}))],
      ])('nothing that could be taken for a move-out: %s', async (_name, answer) => {
        const outcome = await outcomeOf(answer);
        expect(saysNothing(outcome)).toBe(true);
      });
      it('nothing at all when the door has no answer', async () => {
        const broken = onLaterPages(() => {
          throw new VendorError('unreachable', 'There is no answer.');
        });
        expect(await outcomeOf(broken)).toMatchObject({ code: 'unreachable' });
      });
    });

    describe('syncs one person', () => {
      it('and nobody else', async () => {
        const swept = await sweepOf(world.answer, { people: [people[1]] });
        expect(swept).toMatchObject({ people: [{ upstreamId: people[1] }], complete: true });
        expect(swept.people).toHaveLength(1);
      });
      it('as the sweep sees them', async () => {
        const { people: all } = await sweepOf(world.answer);
        const [one] = (await sweepOf(world.answer, { people: [people[0]] })).people;
        expect(one).toEqual(all.find((person) => person.upstreamId === people[0]));
      });
      it('who is not there: not there, and no mistake', async () => {
        expect(await sweepOf(world.answer, { people: ['424242'] })).toMatchObject({ people: [], complete: true });
      });
    });

    describe('syncs one unit', () => {
      it('whoever is in it, as the sweep sees them, and nobody else; with somebody named, these too', async () => {
        const { people: all } = await sweepOf(world.answer);
        const unitId = all[0]!.stays[0]!.unitId!;
        const isIn = (person: UpstreamPerson) => person.stays.some((stay) => stay.unitId === unitId);
        const alone = await sweepOf(world.answer, { units: [unitId] });
        expect(alone).toMatchObject({ complete: true, rejected: [] });
        expect(alone.people).toEqual(expect.arrayContaining(all.filter(isIn)));
        expect(alone.people).toHaveLength(all.filter(isIn).length);
        const last = all.at(-1)!;
        const both = await sweepOf(world.answer, { units: [unitId], people: [last.upstreamId, '424242'] });
        expect(both.people).toEqual(expect.arrayContaining([all[0], last]));
        expect(both.people).toHaveLength(all.filter((person) => isIn(person) || person === last).length);
      });
    });

    it('never shows a credential in an error', async () => {
      for (const status of [400, 401, 403, 404, 418, 422]) {
        const outcome = await outcomeOf(() =>
          reply({ error: { code: status, message: 'secret-key-0001' }, UserMessage: 'secret-key-0001' }, status),
        );
        expect(`${JSON.stringify(outcome)} ${(outcome as Error).stack ?? ''}`).not.toMatch(/secret-/);
      }
    });

    it('makes people, rejected rows that name the field, or a VendorError of any payload', async () => {
      await fc.assert(
        fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), async (random) => {
          const next = () => random.next().value as number;
          const outcome = await outcomeOf((request) =>
            isToken(request) ? world.answer(request) : mutated(world.answer(request), next),
          );
          if (outcome instanceof VendorError) return;
          for (const person of outcome.people) UpstreamPerson.parse(person);
          expect(outcome.rejected.every((row) => row.field !== '' && row.reason !== '')).toBe(true);
          if (outcome.rejected.some((row) => row.upstreamId === null)) expect(outcome.complete).toBe(false);
        }),
        { numRuns: 150 },
      );
    });
  });
}
