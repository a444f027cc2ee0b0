import type { ConsentAnswer, ConsentHow, PersonId } from '@leasewire/contracts';
import type { Category } from '../compose/category.rules.js';

/** What somebody said about being written to at one number or address. Category null: about everything. */
export interface Said {
  readonly personId: PersonId | null;
  readonly category: Category | null;
  readonly answer: ConsentAnswer;
  readonly how: ConsentHow;
  readonly at: Date;
}

export interface Answered {
  readonly category: Category;
  readonly answer: ConsentAnswer;
  readonly personId: PersonId | null;
  readonly at: Date;
  readonly how: ConsentHow;
}

/** What counts there now. */
export interface Standing {
  readonly blocked: { readonly at: Date; readonly how: ConsentHow } | null;
  /** The last word that undid a block, so that an older STOP that comes late does not bring it back. */
  readonly unblockedAt: Date | null;
  readonly categories: readonly Answered[];
}

export const silence: Standing = { blocked: null, unblockedAt: null, categories: [] };

/** Carriers hold these themselves: only a text from the handset undoes them. */
export const heldByCarrier = (how: ConsentHow): boolean => how === 'keyword' || how === 'provider';

/** The ledger has every line; what counts is the newest about each thing, whichever arrives last. */
export function heard(standing: Standing, said: Said): Standing {
  const { category, answer } = said;
  if (category !== null)
    return { ...granting(standing, said), categories: answeredIn(standing.categories, { ...said, category }) };
  return answer === 'refused' ? blocking(standing, said) : unblocking(standing, said);
}

function blocking(standing: Standing, { at, how }: Said): Standing {
  const { blocked, unblockedAt } = standing;
  if (unblockedAt !== null && unblockedAt > at) return standing;
  // a keyword after a spoken wish is the harder of the two; the other way round changes nothing
  if (blocked !== null && (heldByCarrier(blocked.how) || !heldByCarrier(how))) return standing;
  return { ...standing, blocked: { at, how } };
}

/** START: what was agreed before counts again. Who had agreed to nothing has now, to what everybody gets. */
function unblocking(standing: Standing, said: Said): Standing {
  if (standing.blocked !== null && standing.blocked.at > said.at) return standing;
  const known = standing.categories.some(({ category, answer }) => category === 'operational' && answer === 'granted');
  const agreed = known ? standing.categories : answeredIn(standing.categories, { ...said, category: 'operational' });
  return { blocked: null, unblockedAt: said.at, categories: agreed };
}

/** Somebody who agrees anew takes a spoken wish back; a STOP stays. */
function granting(standing: Standing, { answer, at }: Said): Standing {
  const { blocked } = standing;
  if (answer === 'refused' || blocked === null || heldByCarrier(blocked.how) || blocked.at > at) return standing;
  return { ...standing, blocked: null, unblockedAt: at };
}

function answeredIn(known: readonly Answered[], { category, answer, personId, at, how }: Answered): readonly Answered[] {
  const before = known.find((one) => one.category === category);
  if (before !== undefined && before.at > at) return known;
  return [...known.filter((one) => one.category !== category), { category, answer, personId, at, how }];
}

/** Which answer counts for a category: a text about somebody's own account goes to who agreed to texts about their home. */
const countsAs: Readonly<Record<Category, Category | null>> = {
  operational: 'operational',
  security: 'operational',
  marketing: 'marketing',
  emergency: null,
};

/**
 * What counts for one person and category. `elsewhere`: what was said at the other addresses of the same person. Who refused keeps
 * being left alone when their address changes; who agreed, agreed for that address.
 */
export function consentOf(
  category: Category,
  personId: PersonId | null,
  here: Standing | null,
  elsewhere: readonly Standing[] = [],
): ConsentAnswer | null {
  if (here?.blocked) return 'refused';
  const counted = countsAs[category];
  if (counted === null) return null;
  const said = here?.categories.find((one) => one.category === counted);
  if (said?.answer === 'refused') return 'refused';
  // a number that had another person before: what they agreed to is not this one's word
  if (said && (said.personId === null || said.personId === personId)) return 'granted';
  return refusedElsewhere(counted, personId, elsewhere) ? 'refused' : null;
}

function refusedElsewhere(category: Category, personId: PersonId | null, elsewhere: readonly Standing[]): boolean {
  if (personId === null) return false;
  return elsewhere.some(({ categories }) =>
    categories.some((one) => one.category === category && one.answer === 'refused' && one.personId === personId),
  );
}
