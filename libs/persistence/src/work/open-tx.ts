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

  get within(): this {
    return this;
  }

  publish<C extends EventContract>(contract: C, data: z.input<C['schema']>, of: Aggregate): EventId {
    return this.publishFor(this.cause, contract, data, of);
  }

  publishFor<C extends EventContract>(cause: Cause, contract: C, data: z.input<C['schema']>, of: Aggregate): EventId {
    const { ids, service, epoch } = this.parts;
    const id = ids.next('evt');
    const orgId = orgFor(cause, of.orgId);
    const at = this.now;
    const n = this.events.length;
    const { _id: aggregate, version, propertyId } = of;
    this.events.push(outboxRow({ contract, data, id, aggregate, version, epoch, n, orgId, propertyId, at, cause, service }));
    return id;
  }

  effect(kind: string, payload: Readonly<Record<string, unknown>>, options: EffectOptions = {}): `eff_${string}` {
    return this.effectFor(this, kind, payload, options);
  }

  effectFor(tx: Tx, kind: string, payload: Readonly<Record<string, unknown>>, options: EffectOptions): `eff_${string}` {
    const id = this.parts.ids.next('eff');
    this.effects.push(intendedEffect({ id, kind, payload, options, orgId: orgFor(tx.cause, options.orgId), tx }));
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
    admitTo(this.cause, orgId);
  }
}

/** What one of several causes does its writes with that are committed together: theirs, but told under its own name. */
export class SharedTx implements Tx {
  readonly session: ClientSession;
  readonly now: Date;

  constructor(
    readonly within: OpenTx,
    readonly cause: Cause,
  ) {
    this.session = within.session;
    this.now = within.now;
  }

  get orgId(): OrgId {
    return this.cause.orgId;
  }

  publish<C extends EventContract>(contract: C, data: z.input<C['schema']>, of: Aggregate): EventId {
    return this.within.publishFor(this.cause, contract, data, of);
  }

  effect(kind: string, payload: Readonly<Record<string, unknown>>, options: EffectOptions = {}): `eff_${string}` {
    return this.within.effectFor(this, kind, payload, options);
  }

  afterCommit(hook: () => void): void {
    this.within.afterCommit(hook);
  }

  do<T>(operation: (session: ClientSession) => Promise<T>): Promise<T> {
    return this.within.do(operation);
  }

  admit(orgId: OrgId): void {
    admitTo(this.cause, orgId);
  }
}

function admitTo(cause: Cause, orgId: OrgId): void {
  const own = orgOf(cause);
  if (own !== null && own !== orgId)
    throw new Error(`A document of ${orgId} in a unit of work of ${own}: organizations do not mix`);
}

function orgFor(cause: Cause, named: OrgId | undefined): OrgId {
  if (named === undefined) return cause.orgId;
  admitTo(cause, named);
  return named;
}

const orgOf = (cause: Cause): OrgId | null => (cause.kind === 'call' ? cause.actor.orgId : cause.orgId);
