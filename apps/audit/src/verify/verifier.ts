import {
  AuditEntryId,
  DomainError,
  type ChainFault,
  type ChainHead,
  type OrgId,
  type ParsedInputOf,
  type Verification,
  type verifyAudit,
} from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { beginning } from '../chain/chain.rules.js';
import { HeadKeys } from '../chain/head-keys.js';
import { HeadsFile } from '../chain/heads-file.js';
import { ChainReader, mostHeads, type ChainReading, type StoredChain } from './chain-reader.js';
import { ChainWalk, mostFaults, type KnownHead } from './chain-walk.rules.js';
import { walkAlong } from './walk-along.js';

/** Retention is seldom faster than a walk, and then only at its beginning. */
const mostAttempts = 10;

/** All of the chain, or a stretch; and a head to compare it with. */
export type Asked = ParsedInputOf<typeof verifyAudit>;

interface Attempt {
  readonly orgId: OrgId;
  readonly reading: ChainReading;
  readonly filed: readonly ChainHead[];
  readonly asked: Asked;
  readonly started: number;
  readonly withinMs: number;
}

export interface Verified {
  readonly verification: Verification;
  /** Faults of the chain itself: not those of a head that the caller made up. */
  readonly broken: readonly ChainFault[];
  /** All of the chain was looked at. */
  readonly whole: boolean;
}

/** Walks a chain from its anchor to its head and compares it with every signed head there is. */
@Injectable()
export class Verifier {
  constructor(
    private readonly reader: ChainReader,
    private readonly keys: HeadKeys,
    private readonly file: HeadsFile,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param withinMs how long it may take; whoever asks for more than that is told so */
  async verify(orgId: OrgId, asked: Asked = {}, withinMs = Number.POSITIVE_INFINITY): Promise<Verified> {
    const started = this.clock.monotonicMs();
    // what is covered by something is read before it: the file, the heads, the chain; only its entries come after it
    const filed = await this.#filed(orgId);
    return this.reader.reading(orgId, async (reading) => {
      for (let attempt = 1; attempt <= mostAttempts; attempt++) {
        const verified = await this.#attempt({ orgId, reading, filed, asked, started, withinMs });
        if (verified) return verified;
      }
      throw new DomainError('unavailable', 'Old entries are being retired at the moment; try again when that is done.');
    });
  }

  /** Null when retention came in between. */
  async #attempt({ orgId, reading, filed, asked, started, withinMs }: Attempt): Promise<Verified | null> {
    const stored = await reading.heads();
    const chain = await reading.chain();
    const forged: ChainFault[] = [];
    const own = this.#ownHead(orgId, chain, forged);
    const anchor = this.#start(orgId, chain, forged);
    const known = [
      ...stored.flatMap((head) => this.#believed(orgId, head, 'in the database', forged)),
      ...filed.flatMap((head) => this.#believed(orgId, head, 'in the heads file', forged)),
    ];
    const refused: ChainFault[] = [];
    if (asked.head) known.push(...this.#believed(orgId, asked.head, 'that was given', refused));

    const { from = 1, until = Number.POSITIVE_INFINITY } = asked;
    const end = own?.seq ?? Number.POSITIVE_INFINITY;
    const before = from > anchor.seq + 1 ? await reading.last(anchor.seq, Math.min(from - 1, end)) : undefined;
    const start = before ?? anchor;
    const head = until < end ? null : own;
    const walk = new ChainWalk(start, head);
    const how = await walkAlong(reading, {
      walk,
      chain,
      head,
      heads: (own ? [...known, own] : known).filter(({ seq }) => seq <= until),
      stretch: { after: before ? before.seq : null, upTo: Math.min(until, end) },
      wholeUpTo: own && !head ? until : null,
      isLate: () => this.clock.monotonicMs() - started > withinMs,
    });
    if (how === 'overtaken') return null;
    if (how === 'late' && walk.faults.length + forged.length + refused.length === 0) throw tooLong(orgId, walk);
    if (!chain && walk.entries > 0) forged.push(fault('head-forged', 0, 'The chain has entries, but its head is missing.'));
    const broken = [...forged, ...walk.faults.map(toFault)];
    const faults = [...broken, ...refused].slice(0, mostFaults);
    const verification = {
      intact: faults.length === 0,
      entries: walk.entries,
      from: start.seq + 1,
      to: own ? Math.min(until, own.seq) : walk.lastSeen,
      heads: known.length,
      head: own && chain ? chain.head : null,
      faults,
      tookMs: Math.round(this.clock.monotonicMs() - started),
    };
    return { verification, broken: broken.slice(0, mostFaults), whole: how === 'done' && !before && until >= end };
  }

  /** The position that the chain says it ends at, when its signature bears that out. */
  #ownHead(orgId: OrgId, chain: StoredChain | null, forged: ChainFault[]): KnownHead | null {
    if (!chain) return null;
    const { head, seq, hash } = chain;
    if (head?.orgId === orgId && head.seq === seq && head.hash === hash && this.keys.isGenuine('head', head)) return head;
    const at = typeof seq === 'number' && Number.isSafeInteger(seq) ? seq : 0;
    forged.push(fault('head-forged', at, `The head of the chain is not signed as it stands${this.#hint(head)}.`));
    return null;
  }

  #start(orgId: OrgId, chain: StoredChain | null, forged: ChainFault[]): { seq: number; hash: string } {
    if (!chain?.hasAnchor) return beginning;
    const { anchor } = chain;
    if (anchor?.orgId === orgId && this.keys.isGenuine('anchor', anchor)) return anchor;
    const message = `What says that older entries were retired is not signed as it stands${this.#hint(anchor)}.`;
    forged.push(fault('head-forged', anchor?.seq ?? 0, message));
    return beginning;
  }

  #believed(orgId: OrgId, head: ChainHead | null, where: string, forged: ChainFault[]): KnownHead[] {
    if (head?.orgId === orgId && this.keys.isGenuine('head', head)) return [head];
    forged.push(
      fault('head-forged', head?.seq ?? 0, `The head ${where} for entry ${head?.seq ?? '?'} is not genuine${this.#hint(head)}.`),
    );
    return [];
  }

  #hint(head: ChainHead | null): string {
    if (!head || this.keys.knows(head.keyId)) return '';
    return `; it names the key ${head.keyId}, which is not known here (LEASEWIRE_AUDIT_OLD_KEYS)`;
  }

  async #filed(orgId: OrgId): Promise<ChainHead[]> {
    let heads: ChainHead[] = [];
    for await (const head of this.file.headsOf(orgId)) {
      heads.push(head);
      if (heads.length > mostHeads) heads = heads.filter((_head, at) => at % 2 === 0);
    }
    return heads;
  }
}

function tooLong(orgId: OrgId, walk: ChainWalk): DomainError {
  return new DomainError(
    'audit.chain-too-long',
    `There was no time to look at all of it: nothing is wrong with the first ${walk.entries} entries, those after them were not looked at. ` +
      `Ask for a stretch at a time ("from": 1, "until": 100000, and so on), or have whoever runs Leasewire verify all of it: node dist/cli.js verify --org ${orgId}, in the service audit.`,
    { verified: walk.entries },
  );
}

function fault(kind: ChainFault['kind'], seq: number, message: string): ChainFault {
  return { kind, seq, entryId: null, message };
}

function toFault({ kind, seq, entryId, message }: ChainWalk['faults'][number]): ChainFault {
  return { kind, seq, entryId: AuditEntryId.safeParse(entryId).data ?? null, message };
}
