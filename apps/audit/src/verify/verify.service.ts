import {
  auditChainBroken,
  DomainError,
  type ChainFault,
  type ChainHead,
  type OrgId,
  type Verification,
} from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { CLOCK, IDS, Logger, Metrics } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { causeOf } from '../cause.js';
import { Slots } from './slots.js';
import { VerificationRepository } from './verification.repository.js';
import { Verifier } from './verifier.js';

/** Each keeps a core busy for seconds. */
const mostAtOnce = 2;
/** For one of them to end; then whoever asked is better told to come again. */
const mostWaitMs = 10_000;

@Injectable()
export class VerifyService {
  readonly #broken = new Set<OrgId>();
  readonly #running = new Map<OrgId, { readonly asked: string; readonly answer: Promise<Verification> }>();
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
  async verify(orgId: OrgId, given?: ChainHead, withinMs = Number.POSITIVE_INFINITY): Promise<Verification> {
    const asked = JSON.stringify(given ?? null);
    const running = this.#running.get(orgId);
    if (running?.asked === asked) return running.answer;
    if (running)
      throw new DomainError(
        'unavailable',
        'This chain is being verified with another head at the moment; try again in a few seconds.',
      );
    const answer = this.#verify(orgId, given, withinMs).finally(() => this.#running.delete(orgId));
    this.#running.set(orgId, { asked, answer });
    return answer;
  }

  async #verify(orgId: OrgId, given: ChainHead | undefined, withinMs: number): Promise<Verification> {
    const started = this.clock.monotonicMs();
    if (!(await this.#slots.take(mostWaitMs)))
      throw new DomainError('unavailable', 'Other chains are being verified at the moment; try again in a few seconds.');
    try {
      const leftMs = withinMs - (this.clock.monotonicMs() - started);
      const { verification, broken } = await this.verifier.verify(orgId, given, leftMs);
      await this.#tell(orgId, verification, broken);
      return verification;
    } finally {
      this.#slots.give();
    }
  }

  /** Each fault is told once, until a verification does not find it any more. */
  async #tell(orgId: OrgId, verification: Verification, broken: readonly ChainFault[]): Promise<void> {
    if (broken.length > 0) this.#broken.add(orgId);
    else this.#broken.delete(orgId);
    const found = new Set(broken.map(keyOf));
    const before = await this.verifications.find(orgId);
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
