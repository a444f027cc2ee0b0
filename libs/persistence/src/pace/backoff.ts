export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Doubles with every attempt up to the most; half of it is random, so that those who failed together do not come back together. */
export function backoffMs(attempt: number, { firstMs, mostMs }: Backoff, random: () => number = Math.random): number {
  const full = Math.min(firstMs * 2 ** Math.max(0, attempt - 1), mostMs);
  return full / 2 + (full / 2) * random();
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
