import { DomainError } from '@leasewire/contracts';
import type { Caller } from '../auth/caller.js';

/** How many streams and waiting requests a replica holds open for one session or key, and for one organization. */
export interface StreamLimits {
  readonly perCredential: number;
  readonly perOrganization: number;
}

export class OpenStreams {
  readonly #byKey = new Map<string, number>();

  constructor(private readonly limits: StreamLimits) {}

  get size(): number {
    return [...this.#byKey].reduce((sum, [key, count]) => (key.startsWith('org_') ? sum + count : sum), 0);
  }

  /** Answers what gives the place back. */
  take({ key, principal: { orgId } }: Caller): () => void {
    const own = this.#byKey.get(key) ?? 0;
    const all = this.#byKey.get(orgId) ?? 0;
    if (own >= this.limits.perCredential || all >= this.limits.perOrganization)
      throw new DomainError(
        'stream.too-many',
        `${own >= this.limits.perCredential ? own : all} streams are open ${own >= this.limits.perCredential ? 'with this session or key' : 'by this organization'}. Close one first.`,
        { retryAfterSeconds: 5 },
      );
    this.#byKey.set(key, own + 1);
    this.#byKey.set(orgId, all + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      for (const counted of [key, orgId]) this.#giveBack(counted);
    };
  }

  #giveBack(key: string): void {
    const left = (this.#byKey.get(key) ?? 1) - 1;
    if (left === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, left);
  }
}
