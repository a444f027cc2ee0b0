import { createHash } from 'node:crypto';
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
  /** When the reminders were changed to this; null: they never were. */
  readonly remindersSince: Date | null;
  /** Over how many days what they would have sent before goes out. */
  readonly spreadDays: number;
}
export interface Course {
  readonly _id: string;
  readonly standing: Standing;
  readonly planned: { readonly at: Date } | null;
  /** When they were mailed last, in either way. */
  readonly mailedAt: readonly Date[];
  readonly askedAt: readonly Date[];
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

/**
 * What happens next without anybody doing anything, and when: a mail never before now, nor in quiet hours as they are now,
 * however late its time is looked at.
 */
export function nextStep(course: Course, table: Timetable, now: Date): Step | null {
  const mail = (what: Step['what'], wanted: Date): Step => ({
    what,
    at: afterQuiet(later(wanted, now), table.quietHours, table.timeZone),
  });
  if (course.planned !== null) return mail('send', course.planned.at);
  const { standing } = course;
  if (standing.status === 'pending-activation') {
    const wanted = nextReminder(course, standing, table);
    const reminder = wanted && mail('remind', wanted);
    return reminder !== null && reminder.at < standing.expiresAt ? reminder : { what: 'expire', at: standing.expiresAt };
  }
  if (standing.status === 'activation-expired') {
    const wanted = nextRenewal(course, standing, table);
    return wanted && mail('renew', wanted);
  }
  return null;
}

type Sent = Extract<Standing, { sentAt: Date }>;

/** At least a day after the last mail, whatever it was. */
function nextReminder(course: Course, { sentAt }: Sent, table: Timetable): Date | null {
  const day = daysOf(table)[course.reminders];
  if (!table.reminders.on || course.bounced || course.noReminders || day === undefined) return null;
  const wanted = madeUp(course, plusDays(sentAt, day), table);
  const last = [...course.mailedAt, ...course.askedAt].reduce(later, sentAt);
  return later(wanted, plusDays(last, 1));
}

function nextRenewal(course: Course, { sentAt, expiresAt }: Sent, table: Timetable): Date | null {
  const { on, thenEveryDays, most } = table.reminders;
  if (!on || thenEveryDays === null || course.bounced || course.noReminders || course.renewals >= most) return null;
  return madeUp(course, later(plusDays(sentAt, thenEveryDays), expiresAt), table);
}

/** How many reminders of this link have had their day, the one that is sent now among them. */
export const remindersBy = ({ reminders }: Pick<Course, 'reminders'>, sentAt: Date, table: Timetable, now: Date): number =>
  Math.max(reminders + 1, daysOf(table).filter((day) => plusDays(sentAt, day) <= now).length);

/** What would have been due before these reminders were wanted comes after, each person at their own time. */
function madeUp({ _id }: Pick<Course, '_id'>, at: Date, { remindersSince, spreadDays }: Timetable): Date {
  if (remindersSince === null || at >= remindersSince) return at;
  const share = createHash('sha256').update(_id).digest().readUInt32BE() / 2 ** 32;
  return plusDays(remindersSince, share * spreadDays);
}

const daysOf = ({ reminders }: Timetable): number[] => reminders.afterDays.toSorted((a, b) => a - b);
const plusDays = (at: Date, days: number): Date => new Date(at.getTime() + Math.floor(days * dayMs));
const later = (a: Date, b: Date): Date => (a > b ? a : b);

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
