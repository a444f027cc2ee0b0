import {
  auditEntriesRetired,
  auditRetentionChanged,
  DomainError,
  type OrgId,
  type OutputOf,
  type setAuditRetention,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { dueAt, UnitOfWork, type DueClaimer, type Tx } from '@leasewire/persistence';
import { Background, IDS, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { causeOf } from '../cause.js';
import { ChainRepository } from '../chain/chain.repository.js';
import { EntryRepository } from '../chain/entry.repository.js';
import { HeadKeys } from '../chain/head-keys.js';
import { HeadRepository } from '../chain/head.repository.js';
import { isWorthTelling, keptSince, nextRun } from './retention.rules.js';
import { RetentionRepository, type RetentionDoc } from './retention.repository.js';

/** Entries that go in one transaction. */
const batch = 500;

type Policy = OutputOf<typeof setAuditRetention>;

/** Old entries leave the chain at its beginning; a signed anchor says where it begins from then on. */
@Injectable()
export class RetentionService {
  readonly #claimer: DueClaimer<RetentionDoc>;

  constructor(
    private readonly policies: RetentionRepository,
    private readonly chains: ChainRepository,
    private readonly entries: EntryRepository,
    private readonly heads: HeadRepository,
    private readonly keys: HeadKeys,
    private readonly work: UnitOfWork,
    private readonly log: Logger,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    this.#claimer = background.claimer<RetentionDoc>('retention', {
      repository: policies.rows,
      handleAlone: ({ orgId }) => this.retire(orgId),
      onGiveUp: ({ orgId }) => this.#again(orgId),
    });
  }

  async policy(orgId: OrgId): Promise<Policy> {
    const doc = await this.policies.find(orgId);
    return doc ? policyOf(doc) : { days: null, version: 0 };
  }

  setPolicy(call: Call, days: number | null, version: number | undefined): Promise<Policy> {
    const { orgId } = call;
    return this.work.run(call, async (tx) => {
      const doc = await this.policies.find(orgId, tx);
      const now = doc?.policyVersion ?? 0;
      if (version !== undefined && version !== now)
        throw new DomainError('conflict.version', 'The retention policy was changed meanwhile; read it again and repeat.', {
          version: now,
        });
      const { due: _due, ...rest } = doc ?? { _id: orgId, orgId, untold: false };
      const fields = { ...rest, days, policyVersion: now + 1, ...(days !== null && { due: dueAt(tx.now) }) };
      const saved = doc
        ? await this.policies.save(tx, { ...doc, ...fields, due: fields.due })
        : await this.policies.insert(tx, fields);
      const retention = policyOf(saved);
      tx.publish(auditRetentionChanged, { orgId, retention }, { _id: `${orgId}/retention`, version: retention.version });
      tx.afterCommit(() => {
        this.#claimer.wake();
      });
      return retention;
    });
  }

  /** Everything that is old enough, a batch at a time; then it is due again in a day. */
  async retire(orgId: OrgId): Promise<void> {
    for (let more = true; more;) more = await this.work.run(causeOf(orgId, this.ids), (tx) => this.#retireSome(tx, orgId));
  }

  async #retireSome(tx: Tx, orgId: OrgId): Promise<boolean> {
    const policy = await this.policies.find(orgId, tx);
    const before = policy && keptSince(policy.days, tx.now);
    if (!policy || !before) return false;
    const old = await this.entries.oldest(tx, orgId, before, batch);
    const last = old.at(-1);
    if (!last) {
      await this.#finish(tx, policy);
      return false;
    }
    const chain = await this.chains.take(tx, orgId);
    const anchor = this.keys.sign('anchor', { orgId, seq: last.seq, hash: last.hash }, tx.now);
    await this.chains.save(tx, { ...chain, anchor });
    await this.entries.removeUpTo(tx, orgId, last.seq);
    await this.heads.removeUpTo(tx, orgId, last.seq);
    if (!policy.untold && isWorthTelling(old.map(({ type }) => type))) await this.policies.save(tx, { ...policy, untold: true });
    return true;
  }

  async #finish(tx: Tx, policy: RetentionDoc): Promise<void> {
    const { orgId, untold } = policy;
    const anchor = untold ? (await this.chains.find(orgId, tx))?.anchor : null;
    if (anchor) {
      tx.publish(
        auditEntriesRetired,
        { orgId, upTo: anchor.seq, hash: anchor.hash },
        { _id: `${orgId}/retired`, version: anchor.seq },
      );
      this.log.info({ orgId, upTo: anchor.seq }, 'old audit entries were retired');
    }
    await this.policies.save(tx, { ...policy, untold: false, due: dueAt(nextRun(tx.now)) });
  }

  /** A policy must not stop for ever because one day went badly. */
  async #again(orgId: OrgId): Promise<void> {
    await this.work.run(causeOf(orgId, this.ids), async (tx) => {
      const policy = await this.policies.find(orgId, tx);
      if (policy && policy.days !== null) await this.policies.save(tx, { ...policy, due: dueAt(nextRun(tx.now)) });
    });
  }
}

const policyOf = ({ days, policyVersion }: RetentionDoc): Policy => ({ days, version: policyVersion });
