import { setTimeout as pause } from 'node:timers/promises';
import { Api, Ledger, Platform } from '../../src/index.js';
import { eventually } from '@leasewire/testing';

/** Ten in `npm test`; `npm run test:chaos` says two hundred. The seed is printed, and LEASEWIRE_CHAOS_SEED repeats it. */
const kills = Number(process.env['LEASEWIRE_CHAOS_KILLS'] ?? 10);
/** By a change of a role or of staff. With two hundred kills the others run beside them, and are killed too. */
const touched = ['gateway', 'identity', 'audit'] as const;
const seed = Number(process.env['LEASEWIRE_CHAOS_SEED'] ?? Date.now() % 1_000_000);

describe(`random services killed ${kills} times under load (seed ${seed})`, () => {
  it(
    'lose nothing and double nothing',
    async () => {
      const platform = await Platform.start({ replicas: 2, ...(kills > 10 ? {} : { services: touched }) });
      const owner = await Api.stayingSignedIn(platform.url, platform.signInOf('owner'));
      const random = mulberry32(seed);
      const ledger = new Ledger(owner);
      let running = true;
      const clients = Array.from({ length: 4 }, async () => {
        while (running) {
          const gateways = platform.processes('gateway');
          const gateway = gateways[ledger.accepted % gateways.length];
          if (gateway) await ledger.flow(owner.at(gateway.url));
          await pause(30);
        }
      });
      try {
        for (let kill = 0; kill < kills; kill++) {
          await pause(50 + random() * 400);
          const all = platform.processes();
          const victim = all[Math.floor(random() * all.length)];
          if (victim) await platform.replace(victim);
          if ((kill + 1) % 20 === 0) process.stderr.write(`${kill + 1} killed, ${ledger.accepted} changes accepted\n`);
        }
      } finally {
        running = false;
        await Promise.all(clients);
      }
      expect(ledger.accepted).toBeGreaterThan(kills);
      await eventually(() => ledger.assertExact(), {
        timeoutMs: 30_000,
        everyMs: 500,
        what: `agreement of all books (seed ${seed})`,
      });
    },
    120_000 + kills * 6_000,
  );
});

/** A small seeded generator: the same kills for the same seed. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
