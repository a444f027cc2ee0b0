import { instantOf, localTimeOf, type QuietHours } from '@leasewire/contracts';

/** Where a property says nothing else. In the United States 8 am to 9 pm at the recipient's place is the rule (47 CFR 64.1200(c)(1)). */
export const usualQuietHours: QuietHours = { from: '21:00', until: '08:00' };

/** When a text may go that would go at `at`: then, or at the end of the quiet hours it falls in. From = until: never quiet. */
export function afterQuietHours(at: Date, timeZone: string, { from, until }: QuietHours): Date {
  const local = localTimeOf(at, timeZone);
  const [day, time] = [local.slice(0, 10), local.slice(11)];
  const overNight = from > until;
  const quiet = overNight ? time >= from || time < until : time >= from && time < until;
  if (!quiet) return at;
  const endsOn = overNight && time >= from ? dayAfter(day) : day;
  const end = instantOf(`${endsOn}T${until}`, timeZone);
  // the clocks were put back over the end: its second showing is behind us already
  return end > at ? end : at;
}

/** What whoever plans a text should know; null: it goes when it is planned. */
export function quietWarning(startsAt: Date, timeZone: string, quietHours: QuietHours = usualQuietHours): string | null {
  const goes = afterQuietHours(startsAt, timeZone, quietHours);
  if (goes.getTime() === startsAt.getTime()) return null;
  return `Nobody is texted between ${quietHours.from} and ${quietHours.until}: texts go out at ${localTimeOf(goes, timeZone).slice(11)} (${timeZone}).`;
}

const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
