import type { PersonOutcome, UpstreamPerson } from '@leasewire/contracts';
import type { Braked } from '../hold/brake.rules.js';
import type { Removal } from './people-flow.about.js';

/** Who would be moved out unannounced, after the brake has seen them all. */
export function parted(removals: readonly Removal[], { go }: Braked): { released: Removal[]; held: Removal[] } {
  const may = new Set(go);
  return {
    released: removals.filter(({ outcome }) => may.has(outcome.upstreamId)),
    held: removals.filter(({ outcome }) => !may.has(outcome.upstreamId)),
  };
}

export const presentOf = (removals: readonly Removal[]): UpstreamPerson[] => removals.flatMap(({ person }) => person ?? []);
export const absentOf = (removals: readonly Removal[]): string[] =>
  removals.flatMap(({ person, outcome }) => (person === null ? [outcome.upstreamId] : []));

export const heldOf = (removals: readonly Removal[], { asks }: Braked): PersonOutcome[] =>
  removals.map(({ outcome }) => ({ ...outcome, outcome: 'held', reason: heldReason(asks) }));

const heldReason = (asks: boolean) =>
  asks
    ? { code: 'sync.held', message: 'Too many would be moved out at once without having been announced; a person must look.' }
    : { code: 'sync.kept', message: 'Staff decided that this person stays, although the PMS does not show them.' };
