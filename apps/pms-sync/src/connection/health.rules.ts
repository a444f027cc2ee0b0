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

/** The health after a run ended. `null`: there is nothing to write, which is what most runs come to. */
export function afterRun<H extends Health>(
  health: H,
  failure: Failure | null,
  now: Date,
  failingAfter: number,
): { health: H; news: HealthNews } | null {
  if (failure === null) {
    if (health.failures === 0 && !health.failing) return null;
    return { health: { ...health, failures: 0, failing: false }, news: health.failing ? 'recovered' : null };
  }
  const failures = health.failures + 1;
  const failing = health.failing || failures >= failingAfter;
  const lastError = { at: now, code: failure.code, message: failure.message };
  return { health: { ...health, failures, failing, lastError }, news: failing && !health.failing ? 'failing' : null };
}
