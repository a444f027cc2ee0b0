import { auditHeadSigned } from '@leasewire/contracts';

/** Beyond so many new entries a head is announced at once. */
const mostUnannounced = 1000;

export interface Announcing {
  readonly seq: number;
  readonly announced: { readonly seq: number; readonly at: Date } | null;
  readonly due?: { readonly at: Date } | undefined;
}

/**
 * When the head is to be announced: at most once in an interval, and only for entries that tell of something else than an
 * announcement. So a system in which nothing happens comes to rest.
 */
export function announceAt(
  chain: Announcing,
  recorded: { seq: number; types: readonly string[] },
  now: Date,
  everyMs: number,
): Date | null {
  if (recorded.types.every((type) => type === auditHeadSigned.type)) return chain.due?.at ?? null;
  if (chain.due && chain.due.at <= now) return chain.due.at;
  if (recorded.seq - (chain.announced?.seq ?? 0) > mostUnannounced) return now;
  if (chain.due) return chain.due.at;
  const next = (chain.announced?.at.getTime() ?? 0) + everyMs;
  return new Date(Math.max(now.getTime(), next));
}
