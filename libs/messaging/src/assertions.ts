import { ActorRef, DomainError, OrgId, Permissions, PropertyScope } from '@leasewire/contracts';
import { z } from 'zod';
import { isService, type Actor } from './actor.js';
import { systemClock, type Clock } from './clock.js';
import { Remembered } from './remembered.js';
import { expiryOf, type TokenSigner, type TokenVerifier, type VerifiedClaims } from './signed-token.js';

/** The one service that speaks for people. */
const speaksForPeople = 'gateway';
const kind = 'actor';
const ttlSeconds = 60;
const reusedForMs = 20_000;

const ActorClaims = z.object({
  ref: ActorRef,
  org: OrgId.nullable(),
  perms: z.union([z.literal('all'), Permissions]),
  props: PropertyScope,
  sid: z.string().optional(),
  name: z.string().optional(),
});

interface Made {
  readonly token: string;
  readonly atMs: number;
}

/**
 * Who acts, signed by the service that says so and good for a minute. Only the gateway may speak for staff, API keys and
 * residents; any other service only for itself. The owner of the data verifies; a header alone is never believed.
 */
export class Assertions {
  readonly #made = new Remembered<Made>();
  readonly #actors = new WeakMap<VerifiedClaims, Actor>();

  constructor(
    private readonly service: string,
    private readonly signer: TokenSigner,
    private readonly verifier: TokenVerifier,
    private readonly clock: Clock = systemClock,
  ) {}

  forActor(actor: Actor): string {
    assertMayAssert(this.service, actor.ref);
    const claims = {
      ref: actor.ref,
      org: actor.orgId,
      perms: actor.permissions,
      props: actor.properties,
      ...(actor.sessionId !== undefined && { sid: actor.sessionId }),
      ...(actor.name !== undefined && { name: actor.name }),
    } satisfies z.input<typeof ActorClaims>;
    return this.#reuse(JSON.stringify(claims), () => this.signer.sign(kind, claims, ttlSeconds));
  }

  forService(orgId: OrgId | null): string {
    return this.forActor({ ref: `service:${this.service}`, orgId, permissions: 'all', properties: 'all' });
  }

  verify(token: string): Actor {
    const claims = this.verifier.verify(kind, token);
    const known = this.#actors.get(claims);
    if (known) return known;
    const parsed = ActorClaims.safeParse(claims);
    if (!parsed.success)
      throw new DomainError('unauthenticated', 'The token is not accepted: it names no actor we know how to read.');
    assertMayAssert(claims.iss, parsed.data.ref);
    const { ref, org, perms, props, sid, name } = parsed.data;
    const actor: Actor = Object.freeze({
      ref,
      orgId: org,
      permissions: perms,
      properties: props,
      ...(sid !== undefined && { sessionId: sid }),
      ...(name !== undefined && { name }),
    });
    this.#actors.set(claims, actor);
    return actor;
  }

  /** Whether an assertion that was verified before will still be accepted where it is sent now. */
  isLive(token: string): boolean {
    return expiryOf(token).getTime() > this.clock.now().getTime();
  }

  #reuse(key: string, make: () => string): string {
    const now = this.clock.now().getTime();
    const made = this.#made.get(key);
    if (made && Math.abs(now - made.atMs) < reusedForMs) return made.token;
    const token = make();
    this.#made.set(key, { token, atMs: now });
    return token;
  }
}

function assertMayAssert(issuer: string, ref: ActorRef): void {
  if (isService(ref) ? ref === `service:${issuer}` : issuer === speaksForPeople) return;
  throw new DomainError(
    'unauthenticated',
    `“${issuer}” may not speak for ${ref}: only the gateway speaks for people, and a service for itself.`,
  );
}
