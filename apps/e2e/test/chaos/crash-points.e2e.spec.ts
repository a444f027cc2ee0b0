import type { ServiceName } from '@leasewire/contracts';
import { eventually } from '@leasewire/testing';
import { Ledger, Platform } from '../../src/index.js';

/**
 * At each of these steps the process is ended as by a power cut, in the middle of a flow of changes, and started again.
 * Clients insist under their idempotency keys. Afterwards every book must say the same.
 */
const steps: readonly (readonly [ServiceName, string, string])[] = [
  ['identity', 'before-commit', 'nothing has happened yet'],
  ['identity', 'after-commit', 'it has happened, and the client was not told'],
  ['identity', 'before-publish', 'it is committed, and nobody has heard of it'],
  ['identity', 'after-publish-before-mark', 'it is on the stream, and the outbox does not know'],
  ['audit', 'before-commit', 'the event is delivered and not recorded'],
  ['audit', 'after-commit', 'it is recorded, and not acknowledged'],
  ['audit', 'after-handling-before-ack', 'it is handled, and the stream does not know'],
  ['audit', 'audit-taken', 'pending entries are taken by an appender'],
  ['audit', 'audit-added', 'they are in the chain'],
];

describe('a process that dies when', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.start();
  }, 60_000);

  it.each(steps)(
    '%s reaches %s (%s) loses nothing and doubles nothing',
    async (service, fault) => {
      const owner = await platform.as('owner');
      const ledger = new Ledger(owner);
      await ledger.change();
      const [before] = platform.processes(service);
      if (!before) throw new Error(`no ${service}`);

      let reached = false;
      const clients = Array.from({ length: 4 }, async () => {
        while (!reached) await ledger.change();
      });
      const dead = await platform.dieAt(before, `${fault}:2`);
      reached = true;
      await platform.replace(dead);
      await Promise.all(clients);

      await eventually(() => ledger.assertExact(), { timeoutMs: 15_000, what: 'agreement of all books' });
    },
    60_000,
  );
});
