import { DomainError } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import type { Counters, Verdict } from './counters.js';
import type { LimitName, Policies, Policy } from './policy.js';

const words: Readonly<Record<LimitName, string>> = {
  credential: 'with this session or key',
  organization: 'by this organization',
  address: 'from this address',
  'sign-in': 'to sign in from this address',
  refused: 'from this address with tokens or keys that are not accepted',
};

export interface Taken {
  /** RateLimit-Policy and RateLimit, as draft-ietf-httpapi-ratelimit-headers has them: names and values in turn. */
  readonly headers: readonly string[];
  /** Why not, when it was too much. */
  readonly refusal: DomainError | undefined;
}

/** Counts, refuses, and says how much is left. Asked before anything that costs. */
export class Limiter {
  readonly #policyHeaders = new Map<LimitName, string>();

  constructor(
    readonly counters: Counters,
    private readonly policies: Policies,
    private readonly clock: Clock,
  ) {
    for (const { name, limit, windowSeconds } of Object.values(policies))
      this.#policyHeaders.set(name, `"${name}";q=${limit};w=${windowSeconds}`);
  }

  /** Counts one. undefined where there is no limit. */
  take(name: LimitName, subject: string): Taken | undefined {
    const policy = this.policies[name];
    if (policy.limit === 0) return undefined;
    return this.#asTaken(policy, this.counters.hit(policy, subject, this.clock.now().getTime()));
  }

  /** Throws when nothing is left; counts nothing. */
  check(name: LimitName, subject: string): void {
    const policy = this.policies[name];
    if (policy.limit === 0) return;
    const verdict = this.counters.look(policy, subject, this.clock.now().getTime());
    if (!verdict.allowed) throw tooMany(policy, verdict);
  }

  windowSecondsOf = (key: string): number => {
    const name = key.slice(0, key.indexOf(' '));
    return Object.values(this.policies).find((policy) => policy.name === name)?.windowSeconds ?? 60;
  };

  #asTaken(policy: Policy, verdict: Verdict): Taken {
    const { name } = policy;
    const left = `"${name}";r=${verdict.remaining};t=${verdict.resetSeconds}`;
    return {
      headers: ['ratelimit-policy', this.#policyHeaders.get(name) ?? '', 'ratelimit', left],
      refusal: verdict.allowed ? undefined : tooMany(policy, verdict),
    };
  }
}

function tooMany({ name, limit, windowSeconds }: Policy, verdict: Verdict): DomainError {
  const retryAfterSeconds = Math.max(1, Math.ceil(verdict.retryAfterSeconds));
  return new DomainError(
    'rate-limited',
    `More than ${limit} requests in ${windowSeconds} s ${words[name]}. Try again in ${retryAfterSeconds} s.`,
    { limit: name, quota: limit, windowSeconds, retryAfterSeconds },
  );
}
