import type { EventContract, EventId, OrgId, PropertyId } from '@leasewire/contracts';
import type { Cause } from '@leasewire/messaging';
import type { ClientSession } from 'mongodb';
import type { z } from 'zod';

/** The aggregate that an event is about, at the version that the event reports. */
export interface Aggregate {
  readonly _id: string;
  readonly version: number;
  readonly propertyId?: PropertyId;
  /** Only where the cause names no organization, such as a sign-in by e-mail. */
  readonly orgId?: OrgId;
}

export interface EffectOptions {
  /** At most one effect of its kind with this key exists; another with the same key is not made. */
  readonly key?: string;
  readonly dueAt?: Date;
  /** What it belongs to, such as a message: all effects of a group are held, let go or withdrawn together. */
  readonly group?: string;
  readonly orgId?: OrgId;
}

/** What the work of a `UnitOfWork.run` does its writes with. It is of no use afterwards. */
export interface Tx {
  readonly session: ClientSession;
  readonly cause: Cause;
  /** The organization of the cause. Throws `invalid-input` when the caller named none. */
  readonly orgId: OrgId;
  /** One moment for everything in this transaction. */
  readonly now: Date;
  /** The same for all that is committed together: several facts may be, each with a `Tx` of its own. */
  readonly within: object;

  /** Puts an event beside the state it reports: it leaves if and only if the transaction commits. */
  publish<C extends EventContract>(contract: C, data: z.input<C['schema']>, of: Aggregate): EventId;
  /** Intends a side effect, to be attempted after the commit by the executor of its kind. */
  effect(kind: string, payload: Readonly<Record<string, unknown>>, options?: EffectOptions): `eff_${string}`;
  /** Runs after the commit, in this process only and perhaps never: a wake-up, a cache, not a fact. */
  afterCommit(hook: () => void): void;

  /** For operations with the bare driver: one after the other, because a session cannot do two things at once. */
  do<T>(operation: (session: ClientSession) => Promise<T>): Promise<T>;
  /** Refuses a document of another organization than the cause's. */
  admit(orgId: OrgId): void;
}
