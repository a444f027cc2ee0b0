import type { GoLive, NoWelcomeReason, PropertyId, UserType } from '@leasewire/contracts';
import type { Member, Property } from '../account/member.rules.js';

type Row = GoLive['properties'][number];
type Counts = GoLive['totals'];

export interface Candidate {
  readonly member: Member;
  readonly reason: NoWelcomeReason | null;
}

/** Who is imported by a Go Live; in a rental whose service has not started, who is invited because access opens. */
export function isCandidate(member: Member, property: Property, userTypes: readonly UserType[]): boolean {
  if (!member.userTypes.some((type) => userTypes.includes(type))) return false;
  if (member.state === 'pending-import') return true;
  const opens = property.kind === 'rental' && !property.started && property.newPeople === 'at-once';
  return opens && member.state === 'active' && member.opensWhenStarted;
}

const none = (): { people: number; welcome: number; not: Partial<Record<NoWelcomeReason, number>> } => ({
  people: 0,
  welcome: 0,
  not: {},
});

function counted(rows: readonly Candidate[]): Counts {
  const counts = none();
  for (const { reason } of rows) {
    counts.people += 1;
    if (reason === null) counts.welcome += 1;
    else counts.not[reason] = (counts.not[reason] ?? 0) + 1;
  }
  return counts;
}

export function rowOf(
  property: { readonly propertyId: PropertyId; readonly name: string; readonly startsService: boolean },
  candidates: readonly Candidate[],
  userTypes: readonly UserType[],
): Row {
  const own = candidates.filter(({ member }) => member.propertyId === property.propertyId);
  const byUserType = Object.fromEntries(
    userTypes.map((type) => [type, counted(own.filter(({ member }) => member.userTypes.includes(type)))]),
  );
  return { ...property, ...counted(own), byUserType };
}

export const totalsOf = (candidates: readonly Candidate[]): Counts => counted(candidates);

const plural = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** The sentence that is understood. */
export function acknowledgementOf({ people, welcome, not }: Counts, properties: number, days: number): string {
  const without = Object.values(not).reduce((sum, n) => sum + n, 0);
  return [
    `${plural(people, 'person', 'people')} of ${plural(properties, 'property', 'properties')} will be imported.`,
    `An estimated ${plural(welcome, 'welcome e-mail', 'welcome e-mails')} will be sent${days > 1 ? ` over ${days} days` : ''}.`,
    ...(without > 0 ? [`${without} of the people get none.`] : []),
    'Mail that was sent cannot be taken back.',
  ].join(' ');
}
