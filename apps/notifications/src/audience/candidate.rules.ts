import type { AudienceMember, FieldData, PersonId, PropertyId, ResidentId, ResidentState, StaffId } from '@leasewire/contracts';

/** Somebody who is meant, before it is decided whether they receive it. */
export interface Candidate {
  /** The same for one person, however often they are meant: one person with two units gets one. */
  readonly who: string;
  readonly personId: PersonId | null;
  readonly residentId: ResidentId | null;
  readonly staffId: StaffId | null;
  readonly propertyId: PropertyId | null;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly language: string | null;
  /** Null: not a resident, or of no concern. */
  readonly state: ResidentState | null;
  readonly silent: boolean;
  /** What is known of them for merge fields. */
  readonly known: FieldData;
  readonly refused: 'not-found' | 'duplicate' | null;
  /** What a service gave for this recipient only; secrets are sealed. */
  readonly data: FieldData;
  readonly secrets: string | null;
  /** The fields that those are for. */
  readonly secretNames: readonly string[];
}

const nothing = {
  personId: null,
  residentId: null,
  staffId: null,
  propertyId: null,
  email: null,
  phone: null,
  language: null,
  state: null,
  silent: false,
  known: {},
  refused: null,
  data: {},
  secrets: null,
  secretNames: [],
} as const satisfies Partial<Candidate>;

export function ofMember(member: AudienceMember): Candidate {
  const { personId, residentId, propertyId, displayName, email, phone, language, state, access } = member;
  return {
    ...nothing,
    ...{ personId, residentId, propertyId, email, phone, language, state },
    who: personId,
    name: displayName,
    silent: access.reason === 'service-not-started',
    known: fieldsOf(member),
  };
}

export const ofEmail = ({ email, name }: { readonly email: string; readonly name?: string | undefined }): Candidate => ({
  ...nothing,
  who: `mail:${email}`,
  name: name ?? email,
  email,
  known: name === undefined || name === '' ? {} : { 'recipient.name': name, 'resident.name': name },
});

/** Named by whoever sends, and directory has no such person, or they may not see them. */
export const ofNobody = (who: string, ids: Partial<Pick<Candidate, 'personId' | 'residentId' | 'staffId'>>): Candidate => ({
  ...nothing,
  ...ids,
  who,
  name: '',
  refused: 'not-found',
});

export const ofAnyone = (about: Partial<Candidate> & Pick<Candidate, 'who' | 'name'>): Candidate => ({ ...nothing, ...about });

function fieldsOf({ name, displayName, unit, bedroom, lease }: AudienceMember): FieldData {
  const first = name.preferred ?? name.first;
  const known = {
    'resident.firstName': first,
    'resident.lastName': name.last,
    'resident.name': name.company ?? displayName,
    'recipient.name': first === '' ? displayName : first,
    'unit.name': unit,
    'unit.bedroom': bedroom,
    'lease.moveIn': lease?.from,
    'lease.moveOut': lease?.until,
    'lease.end': lease?.leaseEnd,
  };
  return Object.fromEntries(Object.entries(known).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

const rank: Readonly<Record<ResidentState, number>> = { active: 0, 'pending-import': 1, archived: 2 };

/**
 * Everybody once. Of several residencies of one person the one counts by which they can be reached: active before others, then that
 * in the property whose message it is.
 */
export function onceEach(members: Iterable<AudienceMember>, propertyId: PropertyId | null): AudienceMember[] {
  const best = new Map<PersonId, AudienceMember>();
  for (const member of members) {
    const other = best.get(member.personId);
    if (!other || isBetter(member, other, propertyId)) best.set(member.personId, member);
  }
  return [...best.values()];
}

function isBetter(a: AudienceMember, b: AudienceMember, propertyId: PropertyId | null): boolean {
  if (rank[a.state] !== rank[b.state]) return rank[a.state] < rank[b.state];
  return a.propertyId === propertyId && b.propertyId !== propertyId;
}

/** One who is named twice is written to once: where they live rather than where they lived, else as they were named first. */
export function once(candidates: readonly Candidate[]): Candidate[] {
  const byWho = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const known = byWho.get(candidate.who);
    if (!known || rankOf(candidate) < rankOf(known)) byWho.set(candidate.who, candidate);
  }
  return [...byWho.values()];
}
const rankOf = ({ state }: Candidate): number => (state === null ? 0 : rank[state]);

/** An additional address that somebody of the audience has already gets nothing more. */
export function withEmails(
  residents: readonly Candidate[],
  emails: readonly { readonly email: string; readonly name?: string | undefined }[],
): Candidate[] {
  const taken = new Set(residents.flatMap(({ email, state }) => (email === null || state !== 'active' ? [] : [email])));
  const added = new Map(emails.map((one) => [one.email, one]));
  const others = [...added.values()].map((one) =>
    taken.has(one.email) ? { ...ofEmail(one), refused: 'duplicate' as const } : ofEmail(one),
  );
  return [...residents, ...others];
}
