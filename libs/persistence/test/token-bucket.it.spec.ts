import { freshDatabase } from '@leasewire/testing';
import { TokenBucket, type Database } from '../src/index.js';

let db: Database;
beforeAll(async () => {
  db = await freshDatabase();
});

/** Two replicas at one bucket that hardly fills while the test runs. */
const replicas = (name: string) => [0, 1].map(() => new TokenBucket(db, name, { perSecond: 0.001, burst: 50 }));
const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

describe('a bucket that replicas share', () => {
  it('gives out what it holds and no more, however many ask at once', async () => {
    const both = replicas('many at once');
    const given = await Promise.all(Array.from({ length: 40 }, (_, nth) => both[nth % 2]!.take(7)));
    expect(sum(given)).toBe(50);
  });

  it('keeps something for those who do not wait, and takes back what was not used', async () => {
    const [one, other] = replicas('something kept');
    expect([await one!.take(60, 10), await other!.take(60, 10), await other!.take(60)]).toEqual([40, 0, 10]);
    await one!.giveBack(5);
    expect([await other!.take(60), await one!.take(60)]).toEqual([5, 0]);
  });

  it('fills by the clock of the database, up to what it holds', async () => {
    const bucket = new TokenBucket(db, 'fills', { perSecond: 10, burst: 50 });
    await bucket.take(50);
    const ago = (seconds: number) =>
      db.db
        .collection('leases')
        .updateOne({ _id: 'pace:fills' as never }, [
          { $set: { at: { $dateSubtract: { startDate: '$$NOW', unit: 'second', amount: seconds } }, left: 0 } },
        ]);
    await ago(2);
    const afterTwo = await bucket.take(50);
    expect(afterTwo).toBeGreaterThanOrEqual(20);
    expect(afterTwo).toBeLessThan(40);
    await ago(3600);
    expect(await bucket.take(100)).toBe(50);
  });
});
