import type { Caller } from './caller.js';
import { concerns, type Invalidation } from './invalidation.js';

/** A question to identity that is on its way; what changed meanwhile is noted with it. */
interface Asking {
  readonly answer: Promise<Caller>;
  readonly missed: (Invalidation | 'all')[];
}

/** Half of the cache, droppable as a whole: who was not used while the other half filled up is forgotten. */
class Generation {
  readonly callers = new Map<string, Caller>();
  readonly byOrganization = new Map<string, Set<string>>();

  set(hash: string, caller: Caller): void {
    this.callers.set(hash, caller);
    const { orgId } = caller.principal;
    const hashes = this.byOrganization.get(orgId);
    if (hashes) hashes.add(hash);
    else this.byOrganization.set(orgId, new Set([hash]));
  }

  delete(hash: string): void {
    const caller = this.callers.get(hash);
    if (!caller) return;
    this.callers.delete(hash);
    const hashes = this.byOrganization.get(caller.principal.orgId);
    hashes?.delete(hash);
    if (hashes?.size === 0) this.byOrganization.delete(caller.principal.orgId);
  }

  forget(invalidation: Invalidation): void {
    for (const hash of [...(this.byOrganization.get(invalidation.orgId) ?? [])]) {
      const caller = this.callers.get(hash);
      if (caller && concerns(invalidation, caller.principal)) this.delete(hash);
    }
  }
}

/**
 * Callers by the hash of their credential, bounded. An answer of identity that was overtaken by a change is given to those
 * who waited for it and then dropped: it must not outlive the change.
 */
export class CallerCache {
  #young = new Generation();
  #old = new Generation();
  readonly #asking = new Map<string, Asking>();
  readonly #listeners = new Set<(what: Invalidation | 'all') => void>();

  constructor(private readonly most = 20_000) {}

  get(hash: string): Caller | undefined {
    const young = this.#young.callers.get(hash);
    if (young) return young;
    const old = this.#old.callers.get(hash);
    if (old) this.#remember(hash, old);
    return old;
  }

  forget(hash: string): void {
    this.#young.delete(hash);
    this.#old.delete(hash);
  }

  /** Asks once for all who want to know the same at the same time. */
  ask(hash: string, question: () => Promise<Caller>): Promise<Caller> {
    const pending = this.#asking.get(hash);
    if (pending) return pending.answer;
    const missed: (Invalidation | 'all')[] = [];
    const answer = question().then(
      (caller) => {
        this.#asking.delete(hash);
        if (missed.some((what) => what === 'all' || concerns(what, caller.principal))) this.forget(hash);
        else this.#remember(hash, caller);
        return caller;
      },
      (error: unknown) => {
        this.#asking.delete(hash);
        this.forget(hash);
        throw error;
      },
    );
    this.#asking.set(hash, { answer, missed });
    return answer;
  }

  invalidate(invalidation: Invalidation): void {
    this.#young.forget(invalidation);
    this.#old.forget(invalidation);
    this.#tell(invalidation);
  }

  /** Something may have been missed: everyone is asked for again. */
  clear(): void {
    this.#young = new Generation();
    this.#old = new Generation();
    this.#tell('all');
  }

  /** For what is open longer than a request: streams look again at who they belong to. */
  onInvalidated(listener: (what: Invalidation | 'all') => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get size(): number {
    return this.#young.callers.size + this.#old.callers.size;
  }

  #remember(hash: string, caller: Caller): void {
    this.#old.delete(hash);
    this.#young.set(hash, caller);
    if (this.#young.callers.size <= this.most / 2) return;
    this.#old = this.#young;
    this.#young = new Generation();
  }

  #tell(what: Invalidation | 'all'): void {
    for (const asking of this.#asking.values()) asking.missed.push(what);
    for (const listener of this.#listeners) listener(what);
  }
}
