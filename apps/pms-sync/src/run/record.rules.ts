import type { PersonOutcome, SyncPolicy, UpstreamPerson } from '@leasewire/contracts';
import { skipReason, type SkipReason } from '../connection/policy.rules.js';
import { livesOrWill } from './run.rules.js';

/** Why somebody was left out: by the policy of the property here, or by directory, which may decide otherwise on another basis. */
export type Skipped =
  | { readonly by: 'policy'; readonly code: string; readonly message: string }
  | { readonly by: 'directory'; readonly code: string; readonly message: string; readonly basis: string };

interface Remembered {
  readonly hash: string;
  readonly skipped: Skipped | null;
}
/** What a policy asks about somebody; nothing of it says who they are. */
export interface Traits {
  readonly role: UpstreamPerson['role'];
  readonly hasEmail: boolean;
  readonly lives: boolean;
}
interface Known {
  readonly residentId: string | null;
  readonly skipped: Skipped | null;
}

export const traitsOf = (person: UpstreamPerson): Traits => ({
  role: person.role,
  hasEmail: person.email !== null,
  lives: livesOrWill(person),
});

/** Directory has them, by what was told. */
const isHere = ({ residentId, skipped }: Known): boolean => residentId !== null && skipped === null;

/** The policy decides who comes. Who is here stays in step, or nobody would ever hear that they left. */
export const leftOutBy = (
  policy: SyncPolicy,
  person: Pick<UpstreamPerson, 'role' | 'email'>,
  record: Known | undefined,
): SkipReason | null => (record && isHere(record) ? null : skipReason(person, policy));

/** What another policy would mean for somebody. */
export function effectOf(
  { traits, ...known }: Known & { readonly traits?: Traits | undefined },
  before: SyncPolicy,
  after: SyncPolicy,
): 'comes' | 'stays' | null {
  if (!traits?.lives) return null;
  const person = { role: traits.role, email: traits.hasEmail ? '' : null };
  const isOut = skipReason(person, after) !== null;
  if (isHere(known)) return isOut && skipReason(person, before) === null ? 'stays' : null;
  return known.skipped?.by === 'policy' && !isOut ? 'comes' : null;
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
