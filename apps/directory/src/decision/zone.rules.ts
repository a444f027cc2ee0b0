import type { LocalDate } from '@leasewire/contracts';

const hour = 3_600_000;
const day = 24 * hour;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timeZone, made);
  return made;
}

/** What the clocks of a zone show, as if it were UTC. */
function wallTime(at: number, timeZone: string): number {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

export const localDateOf = (at: Date, timeZone: string): LocalDate =>
  new Date(wallTime(at.getTime(), timeZone)).toISOString().slice(0, 10);

export const addDays = (date: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * day).toISOString().slice(0, 10);

/** The first moment of a day in a zone; where clocks skip midnight, the first one that there is. */
export function startOfDay(date: LocalDate, timeZone: string): Date {
  const wall = Date.parse(`${date}T00:00:00Z`);
  let at = wall - (wallTime(wall, timeZone) - wall);
  at -= wallTime(at, timeZone) - wall;
  while (localDateOf(new Date(at), timeZone) < date) at += hour / 2;
  return new Date(at);
}

/** The first moment after a day. */
export const endOfDay = (date: LocalDate, timeZone: string): Date => startOfDay(addDays(date, 1), timeZone);

export const plusDays = (at: Date, days: number): Date => new Date(at.getTime() + days * day);
