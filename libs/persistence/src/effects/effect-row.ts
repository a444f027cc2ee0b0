import type { ActorRef, OrgId } from '@leasewire/contracts';
import type { EffectOptions, Tx } from '../work/tx.js';

/**
 * `intended`: to be attempted. `held`: its group is not to be attempted for the moment. `attempting`: somebody is at it. `unknown`: somebody was, and nobody knows how it went; only
 * what finds out, or a person, moves it on. It is never simply attempted again.
 */
export type EffectState = 'intended' | 'held' | 'attempting' | 'done' | 'failed' | 'unknown';

export interface EffectRow {
  readonly _id: string;
  readonly orgId: OrgId;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly key?: string;
  readonly group?: string;
  readonly state: EffectState;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly claim?: string;
  readonly leaseUntil?: Date;
  readonly reconcileAt?: Date;
  readonly reconciled?: number;
  readonly outcome?: unknown;
  readonly reason?: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly actor: ActorRef;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly settledAt?: Date;
}

export interface IntendedParts {
  readonly id: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly options: EffectOptions;
  readonly orgId: OrgId;
  readonly tx: Tx;
}

export function intendedEffect({ id, kind, payload, options, orgId, tx }: IntendedParts): EffectRow {
  const { cause, now } = tx;
  const causationId = cause.kind === 'fact' ? cause.id : undefined;
  return {
    _id: id,
    orgId,
    kind,
    payload,
    ...(options.key !== undefined && { key: options.key }),
    ...(options.group !== undefined && { group: options.group }),
    state: 'intended',
    attempts: 0,
    dueAt: options.dueAt ?? now,
    correlationId: cause.correlationId,
    ...(causationId !== undefined && { causationId }),
    actor: cause.kind === 'call' ? cause.actor.ref : cause.actor,
    createdAt: now,
    updatedAt: now,
  };
}
