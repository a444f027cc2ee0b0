import { auditChainBroken, DomainError, type ChainFault, type OrgId, type Verification } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { CLOCK, IDS, Logger, Metrics } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { causeOf } from '../cause.js';
import { Slots } from './slots.js';
import { VerificationRepository } from './verification.repository.js';
import { Verifier, type Asked, type Verified } from './verifier.js';

/** Each keeps a core busy for seconds. */
const mostAtOnce = 2;
/** For one of them to end; then whoever asked is better told to come again. */
const mostWaitMs = 10_000;

@Injectable()
export class VerifyService {
  readonly #broken = new Set<OrgId>();
  readonly #running = new Map<OrgId, { readonly what: string; readonly answer: Promise<Verification> }>();
  readonly #slots = new Slots(mostAtOnce);

  constructor(
    private readonly verifier: Verifier,
    private readonly verifications: VerificationRepository,
    private readonly work: UnitOfWork,
    private readonly log: Logger,
    metrics: Metrics,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    metrics.gauged(
      'leasewire_audit_broken_chains',
      'Chains that were not as recorded when this replica last verified them',
      null,
      () => ({
        broken: this.#broken.size,
      }),
    );
  }

  /**
   * One at a time of each organization, so that none is in the way of the others for longer than its turn. Whoever asks the
   * same meanwhile gets the same answer.
   */
  async verify(orgId: OrgId, asked: Asked = {}, withinMs = Number.POSITIVE_INFINITY): Promise<Verification> {
    const what = JSON.stringify([asked.head, asked.from, asked.until]);
    const running = this.#running.get(orgId);
    if (running?.what === what) return running.answer;
    if (running)
      throw new DomainError(
        'unavailable',
        'This chain is being verified with another head, or another stretch of it, at the moment; try again in a few seconds.',
      );
    const answer = this.#verify(orgId, asked, withinMs).finally(() => this.#running.delete(orgId));
    this.#running.set(orgId, { what, answer });
    return answer;
  }

  async #verify(orgId: OrgId, asked: Asked, withinMs: number): Promise<Verification> {
    const started = this.clock.monotonicMs();
    if (!(await this.#slots.take(mostWaitMs)))
      throw new DomainError('unavailable', 'Other chains are being verified at the moment; try again in a few seconds.');
    try {
      const leftMs = withinMs - (this.clock.monotonicMs() - started);
      const verified = await this.verifier.verify(orgId, asked, leftMs);
      await this.#tell(orgId, verified);
      return verified.verification;
    } finally {
      this.#slots.give();
    }
  }

  /** Each fault is told once, until a verification of the whole chain does not find it any more. */
  async #tell(orgId: OrgId, { verification, broken, whole }: Verified): Promise<void> {
    if (broken.length > 0) this.#broken.add(orgId);
    else if (whole) this.#broken.delete(orgId);
    const found = new Set(broken.map(keyOf));
    const before = await this.verifications.find(orgId);
    if (!whole) before?.known.forEach((key) => found.add(key));
    if (sameSet(found, before?.known ?? [])) return;
    await this.work.run(causeOf(orgId, this.ids), async (tx) => {
      const doc = await this.verifications.find(orgId, tx);
      const known = new Set(doc?.known);
      const fresh = broken.filter((fault) => !known.has(keyOf(fault)));
      const { version } = await this.verifications.put(tx, orgId, doc, [...found]);
      if (fresh.length === 0) return;
      const told = { ...verification, intact: false, faults: fresh };
      tx.publish(auditChainBroken, { orgId, verification: told }, { _id: `${orgId}/verification`, version });
      this.log.error(
        { orgId, faults: fresh.slice(0, 5) },
        'an audit chain was changed outside of the service; find out who can write to its database',
      );
    });
  }
}

const keyOf = ({ kind, seq, entryId }: ChainFault): string => `${kind}|${seq}|${entryId ?? ''}`;
const sameSet = (a: ReadonlySet<string>, b: readonly string[]): boolean => a.size === b.length && b.every((item) => a.has(item));
