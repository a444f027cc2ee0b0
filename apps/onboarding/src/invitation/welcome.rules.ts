import type { InvitationCause, NoWelcomeReason } from '@leasewire/contracts';
import type { Member } from '../account/member.rules.js';
import type { Email, Standing } from '../account/standing.rules.js';

const dayMs = 86_400_000;

export interface Invitee {
  readonly standing: Standing;
  readonly planned: object | null;
  /** When they were mailed before, at least the last day of it. */
  readonly mailedAt: readonly Date[];
}

export interface Circumstances {
  readonly now: Date;
  readonly perPersonPerDay: number;
  readonly suppressed: (email: Email) => boolean;
  /** Somebody asks for it again: a link that works is no reason against another. */
  readonly again: boolean;
  /** As if they were imported already: for an estimate. */
  readonly asImported?: boolean;
}

export type Welcome = { readonly send: true; readonly email: Email } | { readonly send: false; readonly reason: NoWelcomeReason };

const no = (reason: NoWelcomeReason): Welcome => ({ send: false, reason });

/** Whether somebody gets a welcome mail. Estimates, previews and whatever sends ask here, so that they cannot differ. */
export function welcomeOf(account: Invitee, member: Member, at: Circumstances): Welcome {
  if (member.state === 'archived') return no('archived');
  if (member.state === 'pending-import' && at.asImported !== true) return no('not-imported');
  if (account.standing.status === 'live') return no('already-live');
  if (member.email === null) return no('missing-email');
  if (at.suppressed(member.email)) return no('suppressed');
  const linkWorks = account.standing.status === 'pending-activation' && at.now < account.standing.expiresAt;
  if (!at.again && (linkWorks || account.planned !== null)) return no('already-invited');
  if (mailedWithinDay(account.mailedAt, at.now).length >= at.perPersonPerDay) return no('daily-limit');
  return { send: true, email: member.email };
}

export const mailedWithinDay = (mailedAt: readonly Date[], now: Date): Date[] =>
  mailedAt.filter((at) => now.getTime() - at.getTime() < dayMs);

/** Another address would do. */
export const awaitsAddress = (reason: NoWelcomeReason): boolean => reason === 'missing-email' || reason === 'suppressed';

/** Nobody is there to try again tomorrow when an address changed: its mail is planned for when the limit of the day allows it. */
export function orLater(
  welcome: Welcome,
  member: Member,
  cause: InvitationCause,
  mailedAt: readonly Date[],
  { now, perPersonPerDay }: Pick<Circumstances, 'now' | 'perPersonPerDay'>,
): Welcome & { readonly at?: Date } {
  const byItself = cause === 'email-changed' || cause === 'email-known';
  if (welcome.send || welcome.reason !== 'daily-limit' || !byItself || member.email === null) return welcome;
  const oldest = mailedWithinDay(mailedAt, now).at(-perPersonPerDay) ?? now;
  return { send: true, email: member.email, at: new Date(oldest.getTime() + dayMs) };
}

/** Why not, in words for the item of a job. */
export const noWelcomeWords: Readonly<Record<NoWelcomeReason, string>> = {
  'missing-email': 'No e-mail address is known. A welcome mail follows as soon as there is one.',
  suppressed: 'Mail to this address came back before. Correct the address, or release it under Suppressions.',
  'already-live': 'The account is live already; one account serves all properties.',
  'already-invited': 'An earlier link of theirs still works.',
  'daily-limit': 'As many mails as are allowed went to this person in the last 24 hours. Try again tomorrow.',
  'not-imported': 'This person waits in Pending Import. Import them first.',
  archived: 'This person is archived.',
  'by-hand': 'The property invites new people by hand.',
  'not-found': 'There is no such resident any more.',
};
