import type { SyncPolicy } from '@leasewire/contracts';

export interface Removals {
  /** Upstream ids of people who live here and would be moved out, unannounced. */
  readonly unannounced: readonly string[];
  /** Those of whom staff said already that they stay. */
  readonly kept: readonly string[];
  readonly livingHere: number;
  /** The PMS answered with nobody at all. */
  readonly empty: boolean;
}
export interface Braked {
  /** These may go. */
  readonly go: readonly string[];
  readonly held: readonly string[];
  /** A person must be asked about those who are held. */
  readonly asks: boolean;
}

/**
 * A PMS that loses people, a property that is hidden from us, a filter gone wrong: all look like everybody moving out. Few at a time
 * is life and goes on; many at once wait for a person. Whom staff keep stays until the PMS shows them again.
 */
export function brake(
  { unannounced, kept, livingHere, empty }: Removals,
  policy: Pick<SyncPolicy, 'brakeShare' | 'brakeCount'>,
): Braked {
  const stays = new Set(kept);
  const fresh = unannounced.filter((id) => !stays.has(id));
  const many = fresh.length > policy.brakeCount && fresh.length > policy.brakeShare * livingHere;
  if (many || (empty && fresh.length > 0)) return { go: [], held: unannounced, asks: true };
  return { go: fresh, held: unannounced.filter((id) => stays.has(id)), asks: false };
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

export function bannerOf(count: number, livingHere: number, platform: string): string {
  const people = count === 1 ? 'person' : 'people';
  return `${count} of ${Math.max(count, livingHere)} ${people} vanished from ${platform}. Nobody was moved out; look and decide.`;
}
