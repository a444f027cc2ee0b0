import type { OutputOf, PersonOutcome, SyncPolicy, syncBasis, UpstreamPerson } from '@leasewire/contracts';
import type { Braked } from '../hold/brake.rules.js';
import type { ForRun } from './directory-client.js';
import type { Counts } from './run.rules.js';

export interface Removal {
  readonly outcome: PersonOutcome;
  /** null: absent. */
  readonly person: UpstreamPerson | null;
}
export interface FlowResult {
  readonly counts: Counts;
  readonly braked: Braked;
  readonly removals: readonly Removal[];
  /** The answer showed nobody who lives here, although people do: it is not believed before somebody says so. */
  readonly emptied: boolean;
  readonly livingHere: number;
  readonly registered: number;
}
export interface FlowAbout {
  readonly run: ForRun;
  readonly scope: 'sweep' | 'targeted';
  readonly policy: SyncPolicy;
  readonly kept: readonly string[];
  readonly basis: OutputOf<typeof syncBasis>;
  readonly wanted: { readonly people: readonly string[] | null; readonly units: readonly string[] | null };
  /** Who is absent, where that is not whoever else we told of. */
  readonly absent?: AsyncIterable<string[]>;
  /** Where else of the same PMS they live now, by the name of the property: a sync of some follows nobody there, and says so. */
  readonly elsewhere?: (upstreamIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Throws when the run must end here: it was cancelled, the process stops. */
  readonly check: () => Promise<void>;
}
