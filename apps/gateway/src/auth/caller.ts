import { DomainError, permits, splitPermission, type Permission, type Principal } from '@leasewire/contracts';
import type { Actor, Assertions } from '@leasewire/messaging';

/** Assertions live a minute; one is given out again for this long, so that those behind have time to use it. */
const assertionHoldsMs = 10_000;

/** Someone who is known: identity's word on who they are and what they may do, until identity says otherwise. */
export class Caller {
  /** The same for the services behind. */
  readonly actor: Actor;
  /** What limits are counted under: the session or the key. */
  readonly key: string;
  /** The token ends then, or the session or key, whichever is first. Milliseconds since 1970. */
  readonly expiresAt: number;
  #assertion = '';
  #assertedAt = -Infinity;

  constructor(
    readonly principal: Principal,
    credentialExpiresAt: number,
  ) {
    const { ref, orgId, permissions, properties, sessionId, name, expiresAt } = principal;
    this.actor = { ref, orgId, permissions, properties, name, ...(sessionId !== null && { sessionId }) };
    this.key = sessionId ?? ref;
    this.expiresAt = Math.min(credentialExpiresAt, expiresAt === null ? Infinity : Date.parse(expiresAt));
  }

  /** `now` is monotonic. */
  assertion(assertions: Assertions, now: number): string {
    if (now - this.#assertedAt > assertionHoldsMs) {
      this.#assertion = assertions.forActor(this.actor);
      this.#assertedAt = now;
    }
    return this.#assertion;
  }
}

export function assertMay(caller: Caller, permission: Permission): void {
  if (permits(caller.principal.permissions, permission)) return;
  const [key, level] = splitPermission(permission);
  throw new DomainError(
    'forbidden',
    `This needs the permission “${key}” at “${level}”. Ask an owner of the organization for it.`,
    {
      permission,
    },
  );
}
