import type { KeysAtHand } from '../chain/sealer.js';
import { isMarkedFields, type Marked, type MarkedFields } from './marked.js';
import type { KnownState } from './record.rules.js';
import { nameIn } from './sentence.rules.js';
import type { NewState, StateDoc } from './state.repository.js';

const namelessDays = 90;
const dayMs = 86_400_000;

/** States as a batch goes through them: what was stored, and what its own events made of it. */
export class KnownStates {
  readonly #opened = new Map<string, KnownState>();
  readonly #changed = new Set<string>();

  constructor(
    private readonly stored: ReadonlyMap<string, StateDoc>,
    private readonly keys: KeysAtHand,
  ) {}

  readonly of = (id: string): KnownState | undefined => {
    const known = this.#opened.get(id);
    if (known) return known;
    const doc = this.stored.get(id);
    if (!doc) return undefined;
    const opened = this.#open(doc);
    this.#opened.set(id, opened);
    return opened;
  };

  take(states: ReadonlyMap<string, KnownState>): void {
    for (const [id, state] of states) {
      this.#opened.set(id, state);
      this.#changed.add(id);
    }
  }

  toStore(now: Date): Map<string, NewState> {
    return new Map(
      [...this.#changed].flatMap((id) => {
        const state = this.#opened.get(id);
        return state ? [[id, this.#toStore(state, now)] as const] : [];
      }),
    );
  }

  #open(doc: StateDoc): KnownState {
    const content = this.keys.open(doc);
    const part = (name: string): MarkedFields | null => fieldsAt(content, name);
    const version = { epoch: doc.epoch, version: doc.entityVersion };
    return { version, state: part('state'), changes: { before: part('before'), after: part('after') } };
  }

  #toStore({ version, state, changes }: KnownState, now: Date): NewState {
    const isNamed = state !== null && nameIn(state) !== undefined;
    return {
      epoch: version.epoch,
      entityVersion: version.version,
      ...this.keys.seal({ state, ...changes }),
      expiresAt: isNamed ? null : new Date(now.getTime() + namelessDays * dayMs),
    };
  }
}

function fieldsAt(content: Marked, name: string): MarkedFields | null {
  const value = isMarkedFields(content) ? content[name] : null;
  return isMarkedFields(value) ? value : null;
}
