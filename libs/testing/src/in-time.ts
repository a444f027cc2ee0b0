import { eventually } from './eventually.js';

const most = 5;

/**
 * For what is promised within a time. Each attempt makes a change and gives back what then comes true: always, with the patience of
 * `eventually`, and at least once in time. That time is not stretched: a machine that is busy delays some attempts, what
 * is slow by itself delays all.
 */
export async function inTime(ms: number, attempt: () => Promise<() => unknown>): Promise<void> {
  const took: number[] = [];
  while (took.length < most) {
    const assertion = await attempt();
    const startedAt = performance.now();
    await eventually(assertion, { everyMs: 20 });
    took.push(performance.now() - startedAt);
    if (Math.min(...took) < ms) return;
  }
  throw new Error(`not once within ${ms} ms: ${took.map((one) => `${Math.round(one)} ms`).join(', ')}`);
}
