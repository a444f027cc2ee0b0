import { createHash } from 'node:crypto';
import { DomainError, type ActorRef, type Fact, type OrgId } from '@leasewire/contracts';
import type { Actor } from './actor.js';

export interface CallParts {
  readonly method: string;
  readonly actor: Actor;
  readonly assertion: string;
  readonly correlationId: string;
  readonly traceparent?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly attended?: boolean | undefined;
  /** The input as it came over the wire. */
  readonly rawInput: Uint8Array;
}

/** One call as its handler sees it. */
export class Call {
  readonly kind = 'call';
  readonly method: string;
  readonly actor: Actor;
  readonly assertion: string;
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly idempotencyKey?: string;
  /** A person waits for the answer, and is told as soon as whoever has to make it shows no sign of life. */
  readonly attended: boolean;
  /** Set by the unit of work when a stored result was returned; becomes a header of the reply. */
  replayed = false;
  readonly #rawInput: Uint8Array;
  #inputHash: string | undefined;

  constructor(parts: CallParts) {
    this.method = parts.method;
    this.actor = parts.actor;
    this.assertion = parts.assertion;
    this.correlationId = parts.correlationId;
    this.attended = parts.attended ?? false;
    if (parts.traceparent !== undefined) this.traceparent = parts.traceparent;
    if (parts.idempotencyKey !== undefined) this.idempotencyKey = parts.idempotencyKey;
    this.#rawInput = parts.rawInput;
  }

  get hasOrg(): boolean {
    return this.actor.orgId !== null;
  }

  get orgId(): OrgId {
    if (this.actor.orgId === null)
      throw new DomainError('invalid-input', `${this.method} works within an organization, and the caller named none.`);
    return this.actor.orgId;
  }

  /** Tells a repeated call from another one under the same idempotency key. Only computed when someone asks. */
  get inputHash(): string {
    return (this.#inputHash ??= createHash('sha256').update(this.#rawInput).digest('base64url'));
  }
}

/** The service itself, out of its own accord: a due row, a migration, a command. */
export interface SystemCause {
  readonly kind: 'system';
  readonly service: string;
  readonly orgId: OrgId;
  readonly correlationId: string;
  readonly actor: ActorRef;
  readonly causationId?: string;
}

/** What makes a unit of work run. */
export type Cause = Fact | Call | SystemCause;
