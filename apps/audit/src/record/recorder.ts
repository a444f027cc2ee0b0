import type { Fact, OrgId } from '@leasewire/contracts';
import { faultPoint, type Ids } from '@leasewire/messaging';
import { UnitOfWork, type New, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { causeOf } from '../cause.js';
import { inOrder, nextAfter } from '../chain/chain.rules.js';
import { ChainRepository } from '../chain/chain.repository.js';
import { EntryRepository, type EntryDoc } from '../chain/entry.repository.js';
import { Heads } from '../chain/heads.js';
import { Turns } from '../chain/turns.js';
import { ownersIn, peopleIn, Sealer, type KeysAtHand } from '../chain/sealer.js';
import { Erasures } from '../person/erasures.js';
import { erasedBy } from '../person/erasure.rules.js';
import { KnownStates } from './known-states.js';
import { prepared, record, thingsToKnow, type Recorded } from './record.rules.js';
import { StateRepository } from './state.repository.js';
import { Terms } from './terms.js';
import { foundBy, wellFormed } from './wire-text.rules.js';

const few = 20;

/**
 * Puts events into the chain of their organization, a batch in one transaction. An event that is there already is passed
 * over, so it is recorded once however often it is delivered; two replicas at one chain take turns (ChainRepository.take).
 */
@Injectable()
export class Recorder {
  constructor(
    private readonly work: UnitOfWork,
    private readonly turns: Turns,
    private readonly chains: ChainRepository,
    private readonly entries: EntryRepository,
    private readonly states: StateRepository,
    private readonly sealer: Sealer,
    private readonly heads: Heads,
    private readonly erasures: Erasures,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** A few events just try, and wait for their turn only when somebody else is at the chain; many come while it is busy. */
  async record(orgId: OrgId, facts: readonly Fact[]): Promise<void> {
    if (facts.length < few && (await this.#try(orgId, facts))) return;
    await this.turns.during(orgId, () => this.work.run(causeOf(orgId, this.ids), (tx) => this.#recordIn(tx, orgId, facts)));
  }

  /** False when others are at the same chain. */
  async #try(orgId: OrgId, facts: readonly Fact[]): Promise<boolean> {
    let attempts = 0;
    return this.work.run(causeOf(orgId, this.ids), async (tx) => {
      if (++attempts > 1) return false;
      await this.#recordIn(tx, orgId, facts);
      return true;
    });
  }

  async #recordIn(tx: Tx, orgId: OrgId, facts: readonly Fact[]): Promise<void> {
    const fresh = await this.#fresh(tx, orgId, facts);
    if (fresh.length > 0) await this.#append(tx, orgId, fresh);
  }

  async #fresh(tx: Tx, orgId: OrgId, facts: readonly Fact[]): Promise<Fact[]> {
    const once = new Map(facts.map((fact) => [fact.id, fact]));
    const recorded = await this.entries.recorded(tx, orgId, [...once.keys()]);
    const fresh = [...once.values()].filter((fact) => !recorded.has(fact.id));
    const arrivals = fresh.map((fact) => ({ fact, entity: fact.subject, ...fact.version }));
    return inOrder(arrivals).map(({ fact }) => fact);
  }

  async #append(tx: Tx, orgId: OrgId, facts: readonly Fact[]): Promise<void> {
    const chain = await this.chains.take(tx, orgId);
    await faultPoint('audit-taken');
    const terms = new Terms(this.chains.searchKeyOf(chain));
    const drafts = facts.map((fact) => ({ fact, data: prepared(fact, terms.digest) }));
    const stored = await this.states.find(tx, orgId, [...new Set(drafts.flatMap(({ fact, data }) => thingsToKnow(fact, data)))]);
    const people = [...peopleIn([...stored.values()]), ...drafts.flatMap(({ data }) => ownersIn(data))];
    const keys = await this.sealer.toSeal(tx, orgId, people);

    const known = new KnownStates(stored, keys);
    const recordedAt = tx.now > chain.recordedAt ? tx.now : chain.recordedAt;
    let last = { seq: chain.seq, hash: chain.hash };
    const entries = drafts.map(({ fact, data }) => {
      const recorded = record(fact, data, known.of);
      known.take(recorded.states);
      const entry = nextAfter(last, this.#entry(orgId, fact, recorded, recordedAt, keys, terms));
      last = { seq: entry.seq, hash: entry.hash };
      return entry;
    });

    await this.entries.add(tx, entries);
    await faultPoint('audit-added');
    await this.states.put(tx, orgId, known.toStore(tx.now), stored);
    for (const person of facts.flatMap(erasedBy)) await this.erasures.erase(tx, orgId, person);
    const types = facts.map((fact) => fact.type);
    const advanced = this.heads.advanced(chain, { ...last, recordedAt, types, now: tx.now });
    this.heads.afterCommit(tx, await this.chains.save(tx, advanced));
  }

  #entry(
    orgId: OrgId,
    fact: Fact,
    recorded: Recorded,
    recordedAt: Date,
    keys: KeysAtHand,
    terms: Terms,
  ): Omit<New<EntryDoc>, 'seq' | 'hash' | 'previousHash'> {
    const words = recorded.words.filter(({ person }) => person === null || !keys.isErased(person));
    const told = { actor: fact.actor, type: wellFormed(fact.type), propertyId: fact.propertyId ?? null };
    return {
      _id: this.ids.next('aud'),
      orgId,
      at: fact.time,
      recordedAt,
      ...told,
      ...foundBy(told),
      entity: wellFormed(fact.subject),
      entityEpoch: fact.version.epoch,
      entityVersion: fact.version.version,
      correlationId: wellFormed(fact.correlationId),
      causationId: fact.causationId === undefined ? null : wellFormed(fact.causationId),
      eventId: fact.id,
      ...keys.seal({ ...recorded.content }),
      terms: words.map(({ word, person }) => ({ w: terms.of(word), ...(person !== null && { p: person }) })),
    };
  }
}
