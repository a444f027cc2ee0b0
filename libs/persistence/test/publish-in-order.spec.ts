import { DomainError } from '@leasewire/contracts';
import fc from 'fast-check';
import type { OutboxRow } from '../src/outbox/outbox.js';
import { inOrder } from '../src/outbox/outbox-store.js';
import { publishInOrder } from '../src/outbox/publish-in-order.js';

const at = new Date(0);
const row = (aggregate: string, version: number, id: string, more: Partial<OutboxRow> = {}): OutboxRow => ({
  ...{ _id: id, aggregate, version, epoch: 0, n: 0, subject: 's', envelope: '{}', at, pending: true },
  ...more,
});
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the order of a batch', () => {
  it('is that of the versions within an aggregate, whatever the clocks of the replicas said', () => {
    const skewed = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(50)), { maxLength: 30 });
    fc.assert(
      fc.property(skewed, (all) => {
        const versions: Record<string, number> = {};
        const rows = all.map(([aggregate, clock], n) =>
          row(aggregate, (versions[aggregate] = (versions[aggregate] ?? 0) + 1), `evt_${clock}_${n}`),
        );
        const ordered = inOrder(rows);
        for (const aggregate of ['a', 'b', 'c']) {
          const its = ordered.filter((one) => one.aggregate === aggregate).map((one) => one.version);
          expect(its).toEqual(its.map((_, n) => n + 1));
        }
        expect(ordered).toHaveLength(rows.length);
      }),
    );
  });

  it('compares the epoch first, then the place in the transaction', () => {
    const rows = [row('a', 1, '1', { epoch: 1 }), row('a', 7, '2'), row('a', 7, '3', { n: 1 })];
    expect(inOrder(rows).map((one) => one._id)).toEqual(['2', '3', '1']);
  });
});

describe('publishing', () => {
  it('never has two of an aggregate on their way, goes on after none that failed, and keeps to its limit', async () => {
    const script = fc.array(
      fc.record({
        aggregate: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        fails: fc.constantFrom(false, false, false, 'event', 'away', 'never'),
      }),
      {
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 4 }), fc.scheduler(), async (all, inFlight, scheduler) => {
        const rows = all.map(({ aggregate }, n) => row(aggregate, n, String(n)));
        const under = new Map<string, number>();
        const reached: Record<string, number[]> = {};
        let most = 0;
        const running = publishInOrder(rows, {
          inFlight,
          mayGoOn: () => true,
          publish: async (one) => {
            under.set(one.aggregate, (under.get(one.aggregate) ?? 0) + 1);
            expect(under.get(one.aggregate)).toBe(1);
            most = Math.max(
              most,
              [...under.values()].reduce((a, b) => a + b, 0),
            );
            await scheduler.schedule(Promise.resolve());
            under.set(one.aggregate, 0);
            const { fails } = all[one.version]!;
            if (fails === 'event') throw new Error('odd');
            if (fails) throw new DomainError(fails === 'away' ? 'unavailable' : 'payload-too-large', 'no');
            (reached[one.aggregate] ??= []).push(one.version);
            return { seq: 1, duplicate: false };
          },
        });
        const result = await scheduler.waitFor(running);
        expect(most).toBeLessThanOrEqual(inFlight);
        for (const [aggregate, versions] of Object.entries(reached)) {
          const its = rows.filter((one) => one.aggregate === aggregate).map((one) => one.version);
          const blocked = its.find((version) => ['event', 'away'].includes(String(all[version]!.fails)));
          expect(versions).toEqual(
            its
              .filter((version) => !all[version]!.fails && (blocked === undefined || version < blocked))
              .slice(0, versions.length),
          );
        }
        expect(result.published).toHaveLength(Object.values(reached).flat().length);
      }),
      { numRuns: 200 },
    );
  });

  it('stops when it may not go on', async () => {
    let left = 3;
    const rows = Array.from({ length: 10 }, (_, n) => row(`a${n}`, 1, String(n)));
    const result = await publishInOrder(rows, {
      inFlight: 1,
      mayGoOn: () => left-- > 0,
      publish: async () => ({ seq: 1, duplicate: false }),
    });
    expect(result.published).toHaveLength(3);
  });

  it('blames the event only when others got through after it', async () => {
    const rows = [row('a', 1, '1'), row('b', 1, '2'), row('c', 1, '3')];
    const failing = (...bad: string[]) =>
      publishInOrder(rows, {
        inFlight: 1,
        mayGoOn: () => true,
        publish: async (one) => {
          await tick();
          if (bad.includes(one.aggregate)) throw new Error('odd');
          return { seq: 1, duplicate: true };
        },
      });
    expect((await failing('a')).failures).toMatchObject([{ blame: 'event', othersPassed: true }]);
    expect((await failing('a', 'b', 'c')).failures.map((one) => one.othersPassed)).toEqual([false, false, false]);
    expect((await failing('c')).failures).toMatchObject([{ othersPassed: false }]);
    expect((await failing()).duplicates).toBe(3);
  });
});
