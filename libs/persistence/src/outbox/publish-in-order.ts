import type { PublishResult } from '@leasewire/messaging';
import { DomainError } from '@leasewire/contracts';

/** `away`: the bus, not this event, is to blame. `never`: this event cannot be published, whatever we do. */
export type Blame = 'away' | 'event' | 'never';

export interface Failure<R> {
  readonly row: R;
  readonly error: unknown;
  readonly blame: Blame;
  /** Others got through afterwards, so the bus is there and it is this event that does not pass. */
  readonly othersPassed: boolean;
}

export interface Passed<R> {
  readonly published: R[];
  readonly duplicates: number;
  readonly failures: Failure<R>[];
}

export interface Pipeline<R> {
  readonly publish: (row: R) => Promise<PublishResult>;
  readonly inFlight: number;
  /** Asked before each publish: an old holder of the lease must stop. */
  readonly mayGoOn: () => boolean;
}

/**
 * Publishes many at once, but of one aggregate one after the other: were the second on its way before the first is
 * acknowledged, and the first then failed, their order would be inverted for good.
 */
export async function publishInOrder<R extends { readonly aggregate: string }>(
  rows: readonly R[],
  { publish, inFlight, mayGoOn }: Pipeline<R>,
): Promise<Passed<R>> {
  const chains = chainsOf(rows);
  const published: R[] = [];
  const failed: { row: R; error: unknown; blame: Blame; passedBefore: number }[] = [];
  let duplicates = 0;
  let away = false;

  const follow = async (chain: readonly R[]): Promise<void> => {
    for (const row of chain) {
      if (away || !mayGoOn()) return;
      try {
        const { duplicate } = await publish(row);
        published.push(row);
        if (duplicate) duplicates += 1;
      } catch (error) {
        const blame = blameFor(error);
        failed.push({ row, error, blame, passedBefore: published.length });
        if (blame === 'away') away = true;
        // an event that can never pass must not hold up those behind it: each carries the whole state anyway
        if (blame !== 'never') return;
      }
    }
  };
  const worker = async (): Promise<void> => {
    for (let chain = chains.shift(); chain && !away; chain = chains.shift()) await follow(chain);
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, chains.length) }, worker));
  const failures = failed.map(({ passedBefore, ...failure }) => ({ ...failure, othersPassed: published.length > passedBefore }));
  return { published, duplicates, failures };
}

/** The rows of each aggregate, in the order given. */
export function chainsOf<R extends { readonly aggregate: string }>(rows: readonly R[]): R[][] {
  const chains = new Map<string, R[]>();
  for (const row of rows) {
    const chain = chains.get(row.aggregate);
    if (chain) chain.push(row);
    else chains.set(row.aggregate, [row]);
  }
  return [...chains.values()];
}

const awayCodes = new Set(['unavailable', 'timeout']);
const neverCodes = new Set(['payload-too-large', 'invalid-input']);

function blameFor(error: unknown): Blame {
  if (error instanceof DomainError && awayCodes.has(error.code)) return 'away';
  if (error instanceof DomainError && neverCodes.has(error.code)) return 'never';
  return 'event';
}
