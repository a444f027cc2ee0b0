import type { SyncRun } from '@leasewire/contracts';

export interface Health {
  readonly failures: number;
  readonly failing: boolean;
  readonly lastError: { readonly at: Date; readonly code: string; readonly message: string } | null;
}
export interface Failure {
  readonly code: string;
  readonly message: string;
}
export type HealthNews = 'failing' | 'recovered' | null;

export interface EndedRun {
  /** Of the vendor. */
  readonly failure: Failure | null;
  /** A property of the connection cannot be swept, whatever others can. */
  readonly stuck: boolean;
  /** What is wrong with that, where it is the property of this run. */
  readonly trouble: Failure | null;
}

/** The health after a run ended. `null`: there is nothing to write, which is what most runs come to. */
export function afterRun<H extends Health>(
  health: H,
  { failure, stuck, trouble }: EndedRun,
  now: Date,
  failingAfter: number,
): { health: H; news: HealthNews } | null {
  const failures = failure === null ? 0 : health.failures + 1;
  const failing = stuck || (failure !== null && (health.failing || failures >= failingAfter));
  const error = trouble ?? failure;
  if (error === null && failures === health.failures && failing === health.failing) return null;
  const lastError = error === null ? health.lastError : { at: now, code: error.code, message: error.message };
  const news = failing === health.failing ? null : failing ? 'failing' : 'recovered';
  return { health: { ...health, failures, failing, lastError }, news };
}

type Sweep = Pick<SyncRun, 'state' | 'complete' | 'error' | 'counts' | 'warnings'>;

/** What is wrong with a sweep after which nobody can count as gone. Who is held is a matter of its own, and staff were asked. */
export function troubleOf({ state, complete, error, counts, warnings }: Sweep): Failure | null {
  if (state === 'failed') return error?.code.startsWith('vendor.') === true ? error : null;
  if (complete || counts.held > 0) return null;
  return warnings.find(({ code }) => code === 'sync.incomplete') ?? null;
}

/** Of its last sweeps, as many as make a connection failing, none was of use. */
export const isStuck = (last: readonly Sweep[], failingAfter: number): boolean =>
  last.length >= failingAfter && last.every((sweep) => troubleOf(sweep) !== null);
