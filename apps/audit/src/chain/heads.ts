import { auditHeadSigned, type OrgId } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { dueAt, UnitOfWork, type Tx } from '@leasewire/persistence';
import { CONFIG, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { causeOf } from '../cause.js';
import type { AuditConfig } from '../config.js';
import { ChainRepository, type ChainDoc } from './chain.repository.js';
import { HeadKeys } from './head-keys.js';
import { HeadRepository } from './head.repository.js';
import { announceAt } from './heads.rules.js';
import { HeadsFile } from './heads-file.js';

interface Advance {
  readonly seq: number;
  readonly hash: string;
  readonly recordedAt: Date;
  readonly types: readonly string[];
  readonly now: Date;
}

/** Every batch leaves a signed head in the chain's document; heads also go where the database's administrator is not. */
@Injectable()
export class Heads {
  constructor(
    private readonly work: UnitOfWork,
    private readonly chains: ChainRepository,
    private readonly heads: HeadRepository,
    private readonly keys: HeadKeys,
    private readonly file: HeadsFile,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(CONFIG) private readonly config: AuditConfig,
  ) {}

  /** The chain with new entries, signed. */
  advanced(chain: ChainDoc, to: Advance): ChainDoc {
    const { seq, hash, recordedAt, now } = to;
    const head = this.keys.sign('head', { orgId: chain.orgId, seq, hash }, now);
    const at = announceAt(chain, to, now, this.config.LEASEWIRE_AUDIT_HEADS_SECONDS * 1000);
    const { due, ...rest } = chain;
    const next = at === null ? {} : { due: due?.at.getTime() === at.getTime() ? due : dueAt(at) };
    return { ...rest, seq, hash, recordedAt, head, ...next };
  }

  /** Into the file of this replica, outside of the database. */
  afterCommit(tx: Tx, chain: ChainDoc): void {
    const { head } = chain;
    if (head)
      tx.afterCommit(() => {
        this.file.note(head);
      });
  }

  /** Keeps the head and tells it to everybody who listens. */
  async announce(orgId: OrgId): Promise<void> {
    await this.work.run(causeOf(orgId, this.ids), async (tx) => {
      const chain = await this.chains.find(orgId, tx);
      if (!chain) return;
      const { head } = chain;
      const { due: _done, ...rest } = chain;
      if (!head || head.seq === chain.announced?.seq) {
        await this.chains.save(tx, rest);
        return;
      }
      await this.chains.save(tx, { ...rest, announced: { seq: head.seq, at: tx.now } });
      await this.heads.add(tx, { _id: this.ids.next('hed'), ...head });
      tx.publish(auditHeadSigned, { head }, { _id: `${orgId}/chain`, version: head.seq });
    });
  }
}
