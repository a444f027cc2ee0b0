import { eventSubject, listAuditEntries, verifyAudit } from '@leasewire/contracts';
import { connectAs, eventually, ownerOf, startProcess, suiteDeployment } from '@leasewire/testing';
import { envelopeOf } from './envelope.factory.js';
import { Organization } from './audit.world.js';

/** Needs the built service: `npx tsc -b apps/audit`. */
it('killed at any step of recording, it loses nothing and records nothing twice', async () => {
  const deployment = await suiteDeployment();
  const [identity, gateway] = [await connectAs('identity'), await connectAs('gateway')];
  await identity.bus.ensureStream('identity');
  const org = new Organization();
  let published = 0;
  const publish = async (): Promise<void> => {
    const facts = org.staffChanges(40);
    published += facts.length;
    await Promise.all(
      facts.map((fact) => identity.bus.publish({ subject: eventSubject(fact, fact.orgId), envelope: envelopeOf(fact) })),
    );
  };
  const environment = { ...deployment.environmentOf('audit'), LEASEWIRE_LOG_LEVEL: 'warn' };
  for (const fault of ['audit-taken', 'audit-added', 'before-commit', 'after-commit']) {
    await publish();
    const doomed = await startProcess('audit', { ...environment, LEASEWIRE_FAULT: fault }).catch((error: unknown) => error);
    // it may die before it is ready: what the one before left is waiting for it
    if (doomed instanceof Error) expect(doomed.message).toMatch(/SIGKILL|ended|ready/);
    else expect((await (doomed as Awaited<ReturnType<typeof startProcess>>).exited()).signal).toBe('SIGKILL');
  }
  await startProcess('audit', environment);
  const owner = ownerOf(org.orgId);
  await eventually(
    async () =>
      expect((await gateway.call(owner, listAuditEntries, { type: 'identity', limit: 1, withTotal: true })).total).toBe(
        published,
      ),
    { timeoutMs: 45_000 },
  );
  expect(await gateway.call(owner, verifyAudit, {})).toMatchObject({ intact: true, faults: [] });
}, 90_000);
