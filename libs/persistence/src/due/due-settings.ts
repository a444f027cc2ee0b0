import type { Clock, Ids, Log } from '@leasewire/messaging';
import type { SystemDoc } from '../collections/collection.js';
import type { Documents, raw } from '../collections/documents.js';
import type { Backoff } from '../pace/backoff.js';
import type { Tx } from '../work/tx.js';
import type { UnitOfWork } from '../work/unit-of-work.js';
import type { Due } from './due.js';
import type { DueLookout } from './due-lookout.js';

export type DueDoc = SystemDoc & { due?: Due | undefined };

export interface DueObserver {
  /** How late a handler began. */
  onLateness?(ms: number): void;
  onGaveUp?(id: string): void;
}

interface Together<D extends DueDoc> {
  /**
   * Runs at the time, in a unit of work with up to a hundred of one organization: they are read in it, still due and still
   * ours. Decides, and saves each without `due` or with the next one; of those it leaves alone `due` is removed. So it
   * happens exactly once. When it throws, they are tried in halves, until only those that fail are left over. Do with all
   * at once what can be done at once (`saveMany`, or `Promise.all` over them), for one after the other takes a hundred times
   * as long.
   */
  readonly handle: (tx: Tx, docs: readonly D[]) => Promise<unknown>;
  readonly handleAlone?: undefined;
}

interface Alone<D extends DueDoc> {
  /**
   * For what calls somebody else or takes several units of work: runs at the time, outside of any. Loads the document again
   * in its unit of work, decides, and saves it without `due` or with the next one; then it happens exactly once. Where it
   * does not, `due` is removed afterwards and a crash in between repeats it.
   */
  readonly handleAlone: (doc: D) => Promise<unknown>;
  readonly handle?: undefined;
}

export type DueHandling<D extends DueDoc> = Together<D> | Alone<D>;

export interface DueOptions<D extends DueDoc> {
  readonly repository: { readonly [raw]: Documents<D> };
  /** After the last attempt. `due` is removed when it returns. */
  readonly onGiveUp: (doc: D, error: unknown) => Promise<unknown>;
  readonly maxAttempts?: number;
  readonly backoff?: Backoff;
  /** Of `handle` units of work, of `handleAlone` documents. */
  readonly concurrency?: number;
  readonly batch?: number;
  readonly pollMs?: number;
  /** How long before its time a document is claimed. It still runs at its time, if it is still due then. */
  readonly aheadMs?: number;
  readonly leaseMs?: number;
}

export interface DueMeans {
  readonly service: string;
  readonly work: UnitOfWork;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly observer?: DueObserver;
  /** Looks out for this claimer too. Without one it looks for itself, every `pollMs`. */
  readonly lookout?: DueLookout;
}

export type DueSettings<D extends DueDoc> = DueOptions<D> & DueHandling<D> & DueMeans;
