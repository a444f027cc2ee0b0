import { buildWorld } from '../src/world/build.js';
import { operations, vendors } from '../src/index.js';
import type { World } from '../src/world/world.js';
import { stateOf } from '../src/control/state.js';
import { entrata, propertyIn, start, today } from './ask.js';

const clock = { now: () => new Date('2026-08-20T12:00:00Z') };
const world = (seed: number, residents: number) => buildWorld({ seed, residents, today, vendors, clock });

describe('the world', () => {
  it('is the same for the same seed and another for another', () => {
    expect(stateOf(world(3, 200))).toEqual(stateOf(world(3, 200)));
    expect(stateOf(world(3, 200)).residents).not.toEqual(stateOf(world(4, 200)).residents);
  });

  it.each([10, 300, 2_000])('has %i residents: guarantors and people of the past come on top', (residents) => {
    const present = stateOf(world(1, residents)).residents.filter(({ stays }) =>
      stays.some(({ role, status }) => role !== 'guarantor' && ['Current', 'Notice', 'Future'].includes(status)),
    );
    expect(present).toHaveLength(residents);
  });

  it('has what the demo shows', () => {
    const places = [...world(1, 300).properties.values()].map(({ vendor, kind }) => `${vendor} ${kind}`);
    expect(places.filter((one) => one === 'entrata rental').length).toBeGreaterThanOrEqual(1);
    expect(places.filter((one) => one === 'propertyiq strata')).toHaveLength(3);
    expect(places.filter((one) => one === 'stratamax strata')).toHaveLength(1);
    expect(places).toEqual(expect.arrayContaining(['buildium rental', 'buildium strata']));
  });

  it('has invented people only', () => {
    for (const { email, phones } of stateOf(world(1, 2_000)).residents) {
      expect(email ?? 'none@none.com').toMatch(/@example\.(com|net|org)$|^none@none\.com$/);
      for (const { number } of phones) expect(number.replace(/\D/g, '')).toMatch(/^1?\d{3}55501\d{2}9?$|^(61|0)491570\d{3}$/);
    }
  });

  it('never lets one space to two at once', () => {
    for (const { units } of stateOf(world(1, 2_000)).properties)
      expect(new Set(units.map(({ id }) => id)).size).toBe(units.length);
    expect(doubly(world(1, 2_000))).toEqual([]);
  });

  it('changes at random, the same for the same seed, and keeps one tenant to a space', () => {
    const [one, other] = [world(1, 400), world(1, 400)];
    for (const each of [one, other]) operations['random']!.run(each, { count: 500, seed: 9 });
    expect(stateOf(one)).toEqual(stateOf(other));
    const names = (operations['random']!.run(world(1, 400), { count: 500, seed: 9 }) as { done: { name: string }[] }).done.map(
      ({ name }) => name,
    );
    expect(new Set(names)).toEqual(
      new Set([
        'move-in',
        'move-out',
        'change',
        'owe',
        'rename-unit',
        'advance',
        'give-notice',
        'cancel',
        'transfer',
        'renew',
        'renew-gap',
        'change-bedroom',
        'rename-bedroom',
        'delete-unit',
        'pay',
        'add-person',
        'occupy',
        'committee',
      ]),
    );
    expect(doubly(one)).toEqual([]);
  });

  it('costs no more a resident with 100,000 than with 10,000, and serves a page of them in 20 ms', async () => {
    // its own work, beside a smaller one in the same run: machines differ by more than any budget in seconds could allow
    const costOf = (residents: number): number => {
      const began = process.cpuUsage();
      world(1, residents);
      return process.cpuUsage(began).user / 1000;
    };
    costOf(10_000);
    const small = costOf(10_000);
    const built = costOf(100_000);
    const simulators = await start({ residents: 100_000 });
    const propertyId = propertyIn(simulators, 'entrata');
    const page = (number: number) =>
      entrata(
        simulators,
        'leases',
        'getLeases',
        { propertyId, leaseStatusTypeIds: '3,4,5,6' },
        { query: `?page_no=${number}&per_page=100` },
      );
    await page(1);
    const times: number[] = [];
    for (const number of [50, 100, 200, 300, 120, 7, 8]) {
      const asked = performance.now();
      await page(number);
      times.push(performance.now() - asked);
    }
    await simulators.close();
    expect(built / small).toBeLessThan(20);
    expect(Math.min(...times)).toBeLessThan(40); // 5 ms when nobody else is at work
  }, 90_000);
});

/** Spaces that two leases have today. */
function doubly({ leases }: World): string[] {
  const taken = [...leases.values()]
    .filter(({ kind, status }) => kind === 'rental' && (status === 'Current' || status === 'Notice'))
    .flatMap(({ bedroomIds }) => bedroomIds);
  return taken.filter((id, at) => taken.indexOf(id) !== at);
}
