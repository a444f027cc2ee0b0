import { createInterface } from 'node:readline';
import { quantile } from '../lib/figures.mjs';

/** Far enough ahead that everything is stored before anything is claimed. */
const leadMs = 15_000;
const claimedAheadMs = 2_500;

/** What a contender saw: when the handler of each began, and when each was settled and stored. */
export class Seen {
  begun = new Map();
  settled = new Map();

  begins = (ids) => this.#note(this.begun, ids);
  settles = (ids) => this.#note(this.settled, ids);

  #note(where, ids) {
    const now = performance.timeOrigin + performance.now();
    for (const id of ids) if (!where.has(id)) where.set(id, now);
  }
}

/** For each number that is told: stores so many for one instant, and says how late they began and when all were settled. */
export async function answer(plan, seen) {
  for await (const line of createInterface({ input: process.stdin })) {
    const count = Number(line);
    seen.begun.clear();
    seen.settled.clear();
    const at = Date.now() + leadMs;
    await plan(count, new Date(at));
    if (Date.now() > at - claimedAheadMs) {
      console.log(`storing ${count} took longer than ${leadMs - claimedAheadMs} ms`);
      process.exit(1);
    }
    const giveUp = at + 120_000;
    while (seen.settled.size < count && Date.now() < giveUp) await new Promise((resolve) => setTimeout(resolve, 20));
    const late = [...seen.begun.values()].map((began) => Math.max(0, began - at));
    const done = Math.max(...seen.settled.values()) - at;
    console.log(
      `late ${late.length} ${quantile(late, 0.5)} ${quantile(late, 0.99)} ${Math.max(...late)} done ${Math.max(0, done)}`,
    );
  }
}
