import { instantOf, localDateIn, timeOfDayIn } from '@leasewire/contracts';
import type { Standing } from '../account/standing.rules.js';

const dayMs = 86_400_000;

export interface QuietHours {
  readonly from: string;
  readonly until: string;
}
export interface Timetable {
  readonly timeZone: string;
  readonly quietHours: QuietHours | null;
  readonly reminders: {
    readonly on: boolean;
    readonly afterDays: readonly number[];
    readonly thenEveryDays: number | null;
    readonly most: number;
  };
}
export interface Course {
  readonly standing: Standing;
  readonly planned: { readonly at: Date } | null;
  /** How often they were reminded of the link they have. */
  readonly reminders: number;
  /** How many new links followed by themselves since somebody of the staff invited them. */
  readonly renewals: number;
  /** The last mail did not arrive: nothing more is sent there by itself. */
  readonly bounced: boolean;
  /** They said that they want none. */
  readonly noReminders: boolean;
}
export interface Step {
  readonly what: 'send' | 'remind' | 'expire' | 'renew';
  readonly at: Date;
}

/** What happens next without anybody doing anything. */
export function nextStep(course: Course, table: Timetable): Step | null {
  if (course.planned !== null) return { what: 'send', at: course.planned.at };
  const { standing } = course;
  if (standing.status === 'pending-activation') {
    const reminder = nextReminder(course, standing, table);
    return reminder !== null && reminder < standing.expiresAt
      ? { what: 'remind', at: reminder }
      : { what: 'expire', at: standing.expiresAt };
  }
  if (standing.status === 'activation-expired') {
    const at = nextRenewal(course, standing, table);
    return at === null ? null : { what: 'renew', at };
  }
  return null;
}

function nextReminder(
  { reminders, bounced, noReminders }: Course,
  { sentAt }: { readonly sentAt: Date },
  { reminders: policy, quietHours, timeZone }: Timetable,
): Date | null {
  const days = policy.afterDays.toSorted((a, b) => a - b)[reminders];
  if (!policy.on || bounced || noReminders || days === undefined) return null;
  return afterQuiet(new Date(sentAt.getTime() + days * dayMs), quietHours, timeZone);
}

function nextRenewal(
  { renewals, bounced, noReminders }: Course,
  { sentAt, expiresAt }: { readonly sentAt: Date; readonly expiresAt: Date },
  { reminders: policy, quietHours, timeZone }: Timetable,
): Date | null {
  if (!policy.on || policy.thenEveryDays === null || bounced || noReminders || renewals >= policy.most) return null;
  const at = Math.max(sentAt.getTime() + policy.thenEveryDays * dayMs, expiresAt.getTime());
  return afterQuiet(new Date(at), quietHours, timeZone);
}

/** The moment itself, or the end of the quiet hours that it lies in, by the clocks of the property. */
export function afterQuiet(at: Date, quiet: QuietHours | null, timeZone: string): Date {
  if (quiet === null || quiet.from === quiet.until) return at;
  const clock = timeOfDayIn(timeZone, at);
  const overnight = quiet.from > quiet.until;
  const within = overnight ? clock >= quiet.from || clock < quiet.until : clock >= quiet.from && clock < quiet.until;
  if (!within) return at;
  const today = localDateIn(timeZone, at);
  const day = overnight && clock >= quiet.from ? nextDay(today) : today;
  return instantOf(`${day}T${quiet.until}`, timeZone);
}

export const nextDay = (day: string): string => new Date(Date.parse(`${day}T12:00:00Z`) + dayMs).toISOString().slice(0, 10);

/** Mails spread evenly over so many days; the first at once. A mail that would fall into the night goes out in the morning. */
export function spread(n: number, of: number, days: number, now: Date): Date | null {
  if (days <= 1 || of <= 1) return null;
  const at = now.getTime() + Math.floor((n * days * dayMs) / of);
  return at <= now.getTime() ? null : new Date(at);
}
