import { z } from 'zod';
import type { LocalDate } from './words.js';

/**
 * Between what the clocks of a place show and moments. Nothing but `Intl`: it knows every zone and each change of its rules, and
 * runs in a browser too.
 */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const LocalTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'is not a local time such as 2026-11-24T09:00')
  .refine((text) => isInCalendar(text), 'is no day of the calendar, or no time of a day')
  .describe('What clocks show at some place, YYYY-MM-DDTHH:MM; the place is said beside it');
export type LocalTime = z.infer<typeof LocalTime>;

export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day such as 21:00')
  .describe('A time of day, HH:MM');
export type TimeOfDay = z.infer<typeof TimeOfDay>;

/** 29 February only in leap years, 24:00 never: what a parser would roll over to another day is refused. */
function isInCalendar(text: string): boolean {
  const at = Date.parse(`${text}:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** What the clocks of a zone show at a moment. */
export const localTimeOf = (at: Date, timeZone: string): LocalTime =>
  new Date(at.getTime() + offsetMs(at.getTime(), timeZone)).toISOString().slice(0, 16);

export const localDateIn = (timeZone: string, at: Date): LocalDate => localTimeOf(at, timeZone).slice(0, 10);
export const timeOfDayIn = (timeZone: string, at: Date): TimeOfDay => localTimeOf(at, timeZone).slice(11, 16);

export interface Resolved {
  readonly at: Date;
  /** How often the clocks show that time on that day: they skip an hour in spring and repeat one in autumn. */
  readonly shown: 'once' | 'twice' | 'never';
}

/**
 * The moment of a local time. Of two the first, so that nothing is late. Where the clocks skip it, as long after the jump as the
 * time lies in the gap: 2:30 becomes 3:30, as if the clock had not been moved.
 */
export function resolveLocalTime(local: LocalTime, timeZone: string): Resolved {
  const wanted = Date.parse(`${local}:00Z`);
  // offsets lie between −12 and +14 hours: these two are on either side of the moment, whatever the zone
  const before = wanted - offsetMs(wanted - 15 * hourMs, timeZone);
  const after = wanted - offsetMs(wanted + 13 * hourMs, timeZone);
  const fits = (at: number): boolean => at + offsetMs(at, timeZone) === wanted;
  const found = [...new Set([before, after])].filter(fits);
  const first = found.length === 0 ? before : Math.min(...found);
  return { at: new Date(first), shown: found.length === 0 ? 'never' : found.length === 1 ? 'once' : 'twice' };
}

export const instantOf = (local: LocalTime, timeZone: string): Date => resolveLocalTime(local, timeZone).at;

/** How far ahead of UTC the clocks of a zone are. */
function offsetMs(at: number, timeZone: string): number {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(at / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** Making one costs fifty times what using it does. */
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
