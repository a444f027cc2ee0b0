import type { EventContract, EventId, OrgId } from '@leasewire/contracts';
import type { Cause, Ids } from '@leasewire/messaging';
import type { ClientSession } from 'mongodb';
import type { z } from 'zod';
import { intendedEffect, type EffectRow } from '../effects/effect-row.js';
import { outboxRow, type OutboxRow } from '../outbox/outbox.js';
import type { Aggregate, EffectOptions, Tx } from './tx.js';

export interface TxParts {
  readonly session: ClientSession;
  readonly cause: Cause;
  readonly now: Date;
  readonly ids: Ids;
  readonly service: string;
  readonly epoch: number;
}

/** The transaction of one attempt of a unit of work. Events and effects are collected and written together at its end. */
export class OpenTx implements Tx {
  readonly session: ClientSession;
  readonly cause: Cause;
  readonly now: Date;
  readonly events: OutboxRow[] = [];
  readonly effects: EffectRow[] = [];
  readonly hooks: (() => void)[] = [];
  /** The first error of an operation in it. The server has then given the transaction up, whatever the work does about it. */
  broken: { readonly error: unknown } | undefined;
  open = true;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: TxParts) {
    this.session = parts.session;
    this.cause = parts.cause;
    this.now = parts.now;
  }

  get orgId(): OrgId {
    return this.cause.orgId;
  }

  publish<C extends EventContract>(contract: C, data: z.input<C['schema']>, of: Aggregate): EventId {
    const { ids, service, epoch } = this.parts;
    const id = ids.next('evt');
    const orgId = this.#orgFor(of.orgId);
    const { cause, now: at } = this;
    const n = this.events.length;
    const { _id: aggregate, version, propertyId } = of;
    this.events.push(outboxRow({ contract, data, id, aggregate, version, epoch, n, orgId, propertyId, at, cause, service }));
    return id;
  }

  effect(kind: string, payload: Readonly<Record<string, unknown>>, options: EffectOptions = {}): `eff_${string}` {
    const id = this.parts.ids.next('eff');
    this.effects.push(intendedEffect({ id, kind, payload, options, orgId: this.#orgFor(options.orgId), tx: this }));
    return id;
  }

  afterCommit(hook: () => void): void {
    this.hooks.push(hook);
  }

  do<T>(operation: (session: ClientSession) => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      if (!this.open) throw new Error('This unit of work is over; await everything that its work does');
      if (this.broken) throw this.broken.error;
      try {
        return await operation(this.session);
      } catch (error) {
        this.broken ??= { error };
        throw error;
      }
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Over, for whatever still wants to begin; resolves when nothing is under way. Whoever aborts must not do so in the middle. */
  async close(): Promise<void> {
    this.open = false;
    await this.#queue;
  }

  admit(orgId: OrgId): void {
    const own = orgOf(this.cause);
    if (own !== null && own !== orgId)
      throw new Error(`A document of ${orgId} in a unit of work of ${own}: organizations do not mix`);
  }

  #orgFor(named: OrgId | undefined): OrgId {
    if (named === undefined) return this.orgId;
    this.admit(named);
    return named;
  }
}

const orgOf = (cause: Cause): OrgId | null => (cause.kind === 'call' ? cause.actor.orgId : cause.orgId);
