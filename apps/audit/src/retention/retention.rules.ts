import { auditEntriesRetired, auditHeadSigned } from '@leasewire/contracts';

const dayMs = 86_400_000;

/** What was recorded before then may go; null where everything is kept. */
export function keptSince(days: number | null, now: Date): Date | null {
  return days === null ? null : new Date(now.getTime() - days * dayMs);
}

export function nextRun(now: Date): Date {
  return new Date(now.getTime() + dayMs);
}

/**
 * Whether the retirement of these is worth an event. Of the record's own traces it is not: the event would be such a trace
 * again, and be retired in its turn, for ever.
 */
export function isWorthTelling(types: readonly string[]): boolean {
  return types.some((type) => type !== auditEntriesRetired.type && type !== auditHeadSigned.type);
}
