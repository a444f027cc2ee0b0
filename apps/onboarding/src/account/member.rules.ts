import type { InvitationCause, PropertyId, Resident, ResidentId, UserType } from '@leasewire/contracts';
import type { Email, Standing } from './standing.rules.js';

/** What counts here of a person in one property. */
export interface Member {
  readonly residentId: ResidentId;
  readonly propertyId: PropertyId;
  readonly state: 'pending-import' | 'active' | 'archived';
  readonly userTypes: readonly UserType[];
  readonly name: string;
  readonly firstName: string;
  readonly email: Email | null;
  /** Which they read, as directory says; nobody has said: null, or nothing where that was not told yet. */
  readonly language?: string | null | undefined;
  readonly accessOpen: boolean;
  /** It will be open as soon as the silent time of the property ends. */
  readonly opensWhenStarted: boolean;
  /** directory does not know yet who they are, or where they live: their record arrives in parts. */
  readonly incomplete?: boolean | undefined;
  /** They were to be invited, and there was no address that takes mail. */
  readonly waitsForEmail: boolean;
}

/** An address that is known to be none is none. */
export function memberOf(resident: Resident, before: Member | undefined, now: Date): Member {
  const { access, leaseStatus } = resident;
  const within =
    (access.from === null || new Date(access.from) <= now) && (access.until === null || new Date(access.until) > now);
  return {
    residentId: resident.id,
    propertyId: resident.propertyId,
    state: resident.state,
    userTypes: resident.userTypes,
    name: resident.displayName,
    firstName: resident.name.preferred ?? (resident.name.company === undefined ? resident.name.first : resident.displayName),
    email: resident.issues.includes('junk-email') ? null : resident.email,
    language: resident.language ?? null,
    accessOpen: access.open,
    opensWhenStarted: access.reason === 'service-not-started' && leaseStatus !== null && lives.includes(leaseStatus) && within,
    incomplete: resident.issues.includes('name-unclear') || resident.issues.includes('unknown-unit'),
    waitsForEmail: before?.waitsForEmail ?? false,
  };
}
const lives: readonly string[] = ['current', 'notice', 'future'];

/** Who is written to: whoever the link was for while they are here, else the first who is here and has an address. */
export function addressee(members: readonly Member[], residentId?: ResidentId): Member | null {
  const here = members.filter(({ state, email }) => state === 'active' && email !== null);
  return here.find((member) => member.residentId === residentId) ?? here[0] ?? null;
}

/** Of whoever a link is for, and of their other residencies where that one is gone. */
export function languageOf(members: readonly Member[], residentId: ResidentId): string | null {
  const member = members.find((one) => one.residentId === residentId) ?? members.find(({ language }) => language);
  return member?.language ?? null;
}

/** A link is for a person at an address: it works as long as both are so in some property. */
export function linkHolds(email: Email, members: readonly Member[]): boolean {
  return members.some((member) => member.state === 'active' && member.email === email);
}

export const isHere = (members: readonly Member[]): boolean => members.some(({ state }) => state === 'active');

export interface Property {
  readonly kind: 'rental' | 'strata';
  readonly started: boolean;
  readonly newPeople: 'at-once' | 'digest' | 'by-hand';
}

/** Where they stand when something changes. */
export interface Course {
  readonly members: readonly Member[];
  readonly standing: Standing;
  readonly planned: { readonly email: Email } | null;
  /** They closed their account themselves, and nobody has invited them since. */
  readonly closedAt: Date | null;
  readonly noReminders: boolean;
}

/** `because` is what whoever opens the dead link is told. */
export interface Reaction {
  readonly withdraw: { readonly because: string } | null;
  readonly invite: InvitationCause | null;
  /** Their link is dead and nobody knows where to write: they are invited as soon as somebody does. */
  readonly waits: boolean;
}

/** What a change of one of somebody’s residencies means for their invitation. */
export function reactionTo(
  { before, after, imported }: { before: Member | undefined; after: Member; imported: boolean },
  { members, standing, planned, closedAt, noReminders }: Course,
  property: Property,
): Reaction {
  const link = planned ?? ('email' in standing ? standing : null);
  const invite = after.state === 'active' ? causeOf({ before, after, imported }, closedAt, property) : null;
  if (link === null || linkHolds(link.email, members)) return { withdraw: null, invite, waits: false };
  const withdraw = { because: whyDead(members) };
  // whoever let a link expire and wants no reminders is not written to because the office corrects their address
  if (planned === null && standing.status === 'activation-expired' && noReminders) return { withdraw, invite, waits: false };
  if (addressee(members) !== null) return { withdraw, invite: 'email-changed', waits: false };
  return { withdraw, invite, waits: isHere(members) };
}

function whyDead(members: readonly Member[]): string {
  if (!isHere(members)) return 'This person does not live here any more.';
  return addressee(members) === null
    ? 'The e-mail address was removed. A new link follows as soon as there is another.'
    : 'The e-mail address changed. The newest mail has the link that works.';
}

/** Where to write, once their record is whole: the first part of one is no reason yet. */
const writable = (member: Member | undefined): Email | null => (member?.incomplete === true ? null : (member?.email ?? null));

function causeOf(
  { before, after, imported }: { before: Member | undefined; after: Member; imported: boolean },
  closedAt: Date | null,
  { kind, started, newPeople }: Property,
): InvitationCause | null {
  const arrives = before?.state !== 'active';
  // whoever imports somebody invites them, whatever the property does with those who come by themselves
  if (arrives && (imported || before?.state === 'pending-import')) return 'import';
  if (after.waitsForEmail && writable(after) !== null && writable(after) !== writable(before)) return 'email-known';
  if (newPeople !== 'at-once' || closedAt !== null) return null;
  if (kind === 'rental') return after.accessOpen && !(before?.accessOpen ?? false) ? 'access-opened' : null;
  return arrives && started ? 'new' : null;
}
