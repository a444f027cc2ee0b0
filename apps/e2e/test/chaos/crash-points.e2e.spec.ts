import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@leasewire/testing';
import { Ledger, Platform } from '../../src/index.js';

/**
 * At each of these steps the process is ended as by a power cut, and started again, in the middle of a flow of changes that
 * never stops. Clients insist under their idempotency keys. Afterwards every book must say the same.
 */
const steps = {
  identity: {
    'before-commit': 'nothing has happened yet',
    'after-commit': 'it has happened, and the client was not told',
    'before-publish': 'it is committed, and nobody has heard of it',
    'after-publish-before-mark': 'it is on the stream, and the outbox does not know',
  },
  audit: {
    'before-commit': 'the event is delivered and not recorded',
    'after-commit': 'it is recorded, and not acknowledged',
    'after-handling-before-ack': 'it is handled, and the stream does not know',
    'audit-taken': 'a batch has begun',
    'audit-added': 'its entries are written, and not committed',
  },
} as const;

describe('a process that dies at each of its steps in turn', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.start({ replicas: 1, services: ['gateway', 'identity', 'audit'] });
  }, 240_000);

  it.each(['identity', 'audit'] as const)(
    '%s: loses nothing and doubles nothing',
    async (service) => {
      const ledger = new Ledger(await platform.as('owner'));
      let flowing = true;
      const clients = Array.from({ length: 4 }, async () => {
        while (flowing) {
          await ledger.change();
          await pause(30);
        }
      });

      let victim = platform.processes(service)[0]!;
      for (const fault of Object.keys(steps[service])) victim = await platform.dieAt(victim, `${fault}:2`);
      await platform.replace(victim);
      flowing = false;
      await Promise.all(clients);

      await eventually(() => ledger.assertExact(), { timeoutMs: 20_000, everyMs: 500, what: 'agreement of all books' });
    },
    90_000,
  );
});
