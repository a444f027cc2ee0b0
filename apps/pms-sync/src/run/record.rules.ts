import type { PersonOutcome } from '@leasewire/contracts';

/** Why somebody was left out: by the policy of the property here, or by directory, which may decide otherwise on another basis. */
export type Skipped =
  | { readonly by: 'policy'; readonly code: string; readonly message: string }
  | { readonly by: 'directory'; readonly code: string; readonly message: string; readonly basis: string };

interface Remembered {
  readonly hash: string;
  readonly skipped: Skipped | null;
}
export interface Seen {
  readonly hash: string;
  /** The code by which the policy leaves them out now. */
  readonly leftOut: string | null;
  readonly basis: string;
  /** Directory wants to be told of them whatever is remembered. */
  readonly askedFor: boolean;
}

/** The hash of whom directory is about to be told: no person has it, so that a crash in between has them told again. */
export const notYetTold = '';

/** Whether telling directory again could come to nothing else than the last time. */
export function isSettled({ hash, skipped }: Remembered, seen: Seen): boolean {
  if (hash !== seen.hash || seen.askedFor) return false;
  if (skipped === null) return seen.leftOut === null;
  if (skipped.by === 'policy') return skipped.code === seen.leftOut;
  return seen.leftOut === null && skipped.basis === seen.basis;
}

/** What directory skipped for good; null: it took it, or the next run must tell it again. Only a sweep shows all of somebody. */
export function skippedBy(
  { outcome, reason }: Pick<PersonOutcome, 'outcome' | 'reason'>,
  basis: string,
  scope: 'sweep' | 'targeted',
): Skipped | null {
  if (outcome !== 'skipped' || scope !== 'sweep' || !reason || reason.code === 'older-than-known') return null;
  return { by: 'directory', ...reason, basis };
}
