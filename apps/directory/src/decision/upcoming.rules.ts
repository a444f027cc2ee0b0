import type { LocalDate } from '@leasewire/contracts';
import { windowOf, type AccessFacts, type Setting } from './access.rules.js';
import { countingOf, isLive, type PlannedOccupancy } from './stays.rules.js';
import { startOfDay } from './zone.rules.js';

export interface Move {
  readonly what: 'move-in' | 'move-out' | 'transfer';
  readonly unit: string | null;
  readonly toUnit: string | null;
  readonly bedroom: string | null;
  readonly on: LocalDate;
  readonly takesEffectAt: Date;
}
type Facts = Pick<AccessFacts, 'userTypes' | 'state'> & { readonly occupancies: readonly PlannedOccupancy[] };

/** The next move of a resident that is known and has not happened; by the windows that access is decided by. */
export function nextMove(facts: Facts, setting: Setting, now: Date): Move | null {
  if (facts.state === 'archived') return null;
  const living = facts.occupancies.filter(isLive);
  const here = countingOf(living.filter((occupancy) => occupancy.status !== 'future' || occupancy.executed === 'in'));
  const next = countingOf(living.filter((occupancy) => occupancy.status === 'future' && occupancy.executed !== 'in'));
  const move = next ? arrival(here, next, facts, setting, now) : departure(facts, setting, now);
  return move !== null && move.takesEffectAt > now ? move : null;
}

function arrival(here: PlannedOccupancy | null, next: PlannedOccupancy, facts: Facts, setting: Setting, now: Date): Move | null {
  if (next.from === null) return null;
  const { unit, bedroom, from: on } = next;
  if (here === null) {
    const opens = windowOf(next, facts, setting, now)?.from;
    return opens ? { what: 'move-in', unit, toUnit: null, bedroom, on, takesEffectAt: opens } : null;
  }
  if (here.unitId === next.unitId && here.bedroom === bedroom) return null;
  return { what: 'transfer', unit: here.unit, toUnit: unit, bedroom, on, takesEffectAt: startOfDay(on, setting.timeZone) };
}

/** When the last of what they have ends. */
function departure(facts: Facts, setting: Setting, now: Date): Move | null {
  const open = facts.occupancies.filter(
    ({ status, executed }) => executed !== 'out' && status !== 'applicant' && status !== 'cancelled',
  );
  const ends = open.map((occupancy) => ({ occupancy, until: windowOf(occupancy, facts, setting, now)?.until ?? null }));
  const last = ends.toSorted((a, b) => (a.until?.getTime() ?? Infinity) - (b.until?.getTime() ?? Infinity)).at(-1);
  if (!last?.until || last.occupancy.until === null) return null;
  const { unit, bedroom, until: on } = last.occupancy;
  return { what: 'move-out', unit, toUnit: null, bedroom, on, takesEffectAt: last.until };
}

/** The occupancies as they are when a move takes effect at once. */
export function executed(move: Move, occupancies: readonly PlannedOccupancy[], at: string): PlannedOccupancy[] {
  return occupancies.map((occupancy) => {
    const { status } = occupancy;
    if (occupancy.executed !== undefined || status === 'applicant' || status === 'cancelled') return occupancy;
    if (status === 'future') return move.what === 'move-out' ? occupancy : { ...occupancy, executed: 'in' };
    return move.what === 'move-in' ? occupancy : { ...occupancy, executed: 'out', endedAt: occupancy.endedAt ?? at };
  });
}
