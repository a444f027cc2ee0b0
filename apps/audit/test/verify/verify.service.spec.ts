import type { ChainHead, OrgId, Verification } from '@leasewire/contracts';
import { silentLog, systemClock, systemIds } from '@leasewire/messaging';
import type { UnitOfWork } from '@leasewire/persistence';
import type { Logger, Metrics } from '@leasewire/service-kit';
import { newOrgId } from '@leasewire/testing';
import { Slots } from '../../src/verify/slots.js';
import type { VerificationRepository } from '../../src/verify/verification.repository.js';
import type { Verified, Verifier } from '../../src/verify/verifier.js';
import { VerifyService } from '../../src/verify/verify.service.js';

/** Verifies for as long as the test says. */
class Walks {
  readonly running: OrgId[] = [];
  readonly #ends = new Map<OrgId, () => void>();
  verify(orgId: OrgId): Promise<Verified> {
    this.running.push(orgId);
    return new Promise((resolve) => {
      this.#ends.set(orgId, () => {
        resolve({ verification: { intact: true, faults: [] } as unknown as Verification, broken: [], whole: true });
      });
    });
  }
  end(orgId: OrgId): void {
    this.#ends.get(orgId)?.();
  }
}
const head = (orgId: OrgId): ChainHead => ({
  orgId,
  seq: 1,
  hash: 'h',
  at: '2026-11-20T09:00:00.000Z',
  keyId: 'k',
  signature: 's',
});

let walks: Walks;
let service: VerifyService;
const [one, two, three, four] = [newOrgId(), newOrgId(), newOrgId(), newOrgId()];
beforeEach(() => {
  walks = new Walks();
  const known = { find: () => Promise.resolve(null) } as unknown as VerificationRepository;
  const metrics = { gauged: () => undefined } as unknown as Metrics;
  const log = silentLog as unknown as Logger;
  service = new VerifyService(walks as unknown as Verifier, known, {} as UnitOfWork, log, metrics, systemIds, systemClock);
});

describe('verifications at once', () => {
  it('are one for all of an organization who ask the same', async () => {
    const answers = [service.verify(one), service.verify(one), service.verify(one)];
    await Promise.resolve();
    expect(walks.running).toEqual([one]);
    walks.end(one);
    for (const answer of answers) expect(await answer).toMatchObject({ intact: true });
  });
  it('are one of an organization, so that those who ask with ever other heads are in nobody’s way', async () => {
    const first = service.verify(one);
    const others = Array.from({ length: 20 }, () => service.verify(one, { head: head(newOrgId()) }));
    for (const other of others) await expect(other).rejects.toMatchObject({ code: 'unavailable' });
    const elsewhere = service.verify(two);
    await Promise.resolve();
    expect(walks.running).toEqual([one, two]);
    walks.end(one);
    walks.end(two);
    await Promise.all([first, elsewhere]);
    const next = service.verify(one, { head: head(one) });
    await Promise.resolve();
    walks.end(one);
    expect(await next).toMatchObject({ intact: true });
  });
  it('are two in all; other organizations wait for their turn, and the first to come is the first to go', async () => {
    const answers = [one, two, three, four].map((orgId) => service.verify(orgId));
    await Promise.resolve();
    expect(walks.running).toEqual([one, two]);
    walks.end(two);
    await answers[1];
    expect(walks.running).toEqual([one, two, three]);
    walks.end(one);
    await answers[0];
    expect(walks.running).toEqual([one, two, three, four]);
    walks.end(three);
    walks.end(four);
    await Promise.all(answers);
  });
});

describe('slots', () => {
  it('are not waited for longer than whoever waits has patience, and not given to those who left', async () => {
    const slots = new Slots(1);
    expect(await slots.take(0)).toBe(true);
    const patient = slots.take(60_000);
    expect(await slots.take(1)).toBe(false);
    slots.give();
    expect(await patient).toBe(true);
    slots.give();
    expect(await slots.take(0)).toBe(true);
  });
});
