import type { SyncPolicy } from '@leasewire/contracts';

export interface Removals {
  /** Upstream ids of people who live here and would be moved out, unannounced. */
  readonly unannounced: readonly string[];
  /** Those of whom staff said already that they stay. */
  readonly kept: readonly string[];
  readonly livingHere: number;
  /** How many others were let go of late, by whichever run: many small ones are a large one. */
  readonly recent: number;
  /** Nobody who lives here is in the answer of the PMS. */
  readonly emptied: boolean;
}
export interface Braked {
  /** These may go. */
  readonly go: readonly string[];
  readonly held: readonly string[];
  /** A person must be asked about those who are held. */
  readonly asks: boolean;
}
export const nothingBraked: Braked = { go: [], held: [], asks: false };

/**
 * A PMS that loses people, a property that is hidden from us, a filter gone wrong: all look like everybody moving out. Few at a time
 * is life and goes on; many at once wait for a person. Whom staff keep stays until the PMS shows them again.
 */
export function brake(
  { unannounced, kept, livingHere, recent, emptied }: Removals,
  policy: Pick<SyncPolicy, 'brakeShare' | 'brakeCount'>,
): Braked {
  const stays = new Set(kept);
  const fresh = unannounced.filter((id) => !stays.has(id));
  const sum = fresh.length + recent;
  const many = sum > policy.brakeCount && sum > policy.brakeShare * (livingHere + recent);
  if (fresh.length > 0 && (many || emptied)) return { go: [], held: unannounced, asks: true };
  return { go: fresh, held: unannounced.filter((id) => stays.has(id)), asks: false };
}

const windowMs = 24 * 3_600_000;

/**
 * From when on removals count together. Whoever was held does not become few by waiting: while they are asked about, and when the
 * hold expired without an answer, the window stays where it was when they were held.
 */
export function countedSince(
  hold: { readonly state: string; readonly openedAt: Date; readonly people: readonly { readonly upstreamId: string }[] } | null,
  unannounced: ReadonlySet<string>,
  now: Date,
): Date {
  const unanswered = hold !== null && (hold.state === 'open' || hold.state === 'expired');
  const same = unanswered && hold.people.some(({ upstreamId }) => unannounced.has(upstreamId));
  return new Date((same ? hold.openedAt : now).getTime() - windowMs);
}

export interface Warning {
  readonly code: string;
  readonly message: string;
}

/** The first import is all new people; afterwards a jump is worth a look. */
export function growthWarning(
  added: number,
  livingHere: number,
  policy: Pick<SyncPolicy, 'growthShare' | 'brakeCount'>,
): Warning | null {
  if (livingHere === 0 || added <= policy.brakeCount || added <= policy.growthShare * livingHere) return null;
  return {
    code: 'sync.growth',
    message: `${added} new people came at once to a property where ${livingHere} live. Check that the PMS shows the right property.`,
  };
}

interface Vanished {
  readonly people: number;
  readonly livingHere: number;
  readonly units: number;
}
export function bannerOf({ people, livingHere, units }: Vanished, platform: string): string {
  const persons = `${people} of ${Math.max(people, livingHere)} ${people === 1 ? 'person' : 'people'}`;
  const homes = `${units} ${units === 1 ? 'unit' : 'units'}`;
  const both = [...(people > 0 ? [persons] : []), ...(units > 0 ? [homes] : [])].join(' and ');
  return `${both} vanished from ${platform}. ${people > 0 ? 'Nobody was moved out' : 'Nothing was changed'}; look and decide.`;
}
