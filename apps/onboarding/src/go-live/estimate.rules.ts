import type { GoLive, NoWelcomeReason, PropertyId, UserType } from '@leasewire/contracts';
import type { Member, Property } from '../account/member.rules.js';

type Row = GoLive['properties'][number];
type Counts = GoLive['totals'];

export interface Candidate {
  readonly member: Member;
  readonly reason: NoWelcomeReason | null;
}

/** Who is imported by a Go Live, and who is invited because it starts the service of their rental. */
export function isCandidate(member: Member, property: Property, userTypes: readonly UserType[]): boolean {
  return isInvitedByStart(member, property) || (member.state === 'pending-import' && isOneOf(member, userTypes));
}

/** Starting the service is for a whole house: access opens for them, and with it comes the mail, whatever types were chosen. */
export function isInvitedByStart({ state, opensWhenStarted }: Member, { kind, started, newPeople }: Property): boolean {
  return kind === 'rental' && !started && newPeople === 'at-once' && state === 'active' && opensWhenStarted;
}

const isOneOf = (member: Member, userTypes: readonly UserType[]): boolean =>
  member.userTypes.some((type) => userTypes.includes(type));

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
  const others = own.flatMap(({ member }) => (isOneOf(member, userTypes) ? [] : member.userTypes));
  const byUserType = Object.fromEntries(
    [...new Set([...userTypes, ...others])].map((type) => [type, counted(own.filter(({ member }) => isOneOf(member, [type])))]),
  );
  return { ...property, ...counted(own), byUserType };
}

export const totalsOf = (candidates: readonly Candidate[]): Counts => counted(candidates);

const plural = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** The sentence that is understood. `starting`: rentals whose service it starts. */
export function acknowledgementOf(
  { people, welcome, not }: Counts,
  { properties, starting, days }: { readonly properties: number; readonly starting: number; readonly days: number },
): string {
  const without = Object.values(not).reduce((sum, n) => sum + n, 0);
  return [
    `${plural(people, 'person', 'people')} of ${plural(properties, 'property', 'properties')} will be imported${starting > 0 ? ' or served' : ''}.`,
    ...(starting > 0
      ? [`Service starts in ${plural(starting, 'rental', 'rentals')}, for everybody there, whatever their user type.`]
      : []),
    `An estimated ${plural(welcome, 'welcome e-mail', 'welcome e-mails')} will be sent${days > 1 ? ` over ${days} days` : ''}.`,
    ...(without > 0 ? [`${without} of the people get none.`] : []),
    'Mail that was sent cannot be taken back.',
  ].join(' ');
}
