import type { LocalDate } from '@leasewire/contracts';

/**
 * Calendar days stay calendar days: a move-in on 08/15/2026 is on the 15th whatever the zone of whoever reads it. Of a
 * timestamp only the day as written counts. `dayFirst` for vendors and files that write 15/08/2026.
 */
export function readDay(written: string | null, order: 'month-first' | 'day-first' = 'month-first'): LocalDate | null {
  const text = written?.trim() ?? '';
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/.exec(text);
  if (iso) return dayOf(iso[1], iso[2], iso[3]);
  const slashed = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)/.exec(text);
  if (!slashed) return null;
  const [, first, second, year] = slashed;
  const monthFirst = dayOf(year, first, second);
  const dayFirst = dayOf(year, second, first);
  return order === 'day-first' ? dayFirst : monthFirst;
}

const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const two = (number: number): string => (number < 10 ? `0${number}` : String(number));

/** null where there is no such day (02/30), and for the fillers of databases (0000-00-00, 01/01/1900). */
function dayOf(year = '', month = '', day = ''): LocalDate | null {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1950 || y > 2199) return null;
  const isLeap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  const days = m === 2 && isLeap ? 29 : (daysOfMonths[m - 1] ?? 0);
  return d >= 1 && d <= days ? `${y}-${two(m)}-${two(d)}` : null;
}

const mountainOffsets: Readonly<Record<string, number>> = { MST: -7, MDT: -6 };

/** `MM/DD/YYYY HH:MM:SS.ffffff MDT`: Entrata says moments in Mountain Time, with its suffix (pms-apis.md 1.3). */
export function readMountainMoment(written: string | null): Date | null {
  const text = written?.trim() ?? '';
  const day = readDay(text);
  const time = /[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(?:\s*([A-Z]{3}))?$/.exec(text);
  if (day === null) return null;
  const [, hours = '0', minutes = '0', seconds = '0', fraction = '0', zone] = time ?? [];
  const asUtc = Date.parse(`${day}T00:00:00Z`) + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  const withFraction = asUtc + Math.floor(Number(`0.${fraction}`) * 1000);
  const offset = (zone === undefined ? undefined : mountainOffsets[zone]) ?? mountainOffsetAt(withFraction);
  return new Date(withFraction - offset * 3_600_000);
}

/** Without a suffix it is what Denver's clocks showed. */
function mountainOffsetAt(wallMs: number): number {
  const shown = new Intl.DateTimeFormat('en-US', { timeZone: 'America/Denver', timeZoneName: 'shortOffset' })
    .formatToParts(new Date(wallMs + 7 * 3_600_000))
    .find((part) => part.type === 'timeZoneName')?.value;
  return shown === 'GMT-6' ? -6 : -7;
}

/** Vendors that want 08/15/2026. */
export function toMonthFirst(day: LocalDate): string {
  const [year, month, date] = day.split('-');
  return `${month ?? ''}/${date ?? ''}/${year ?? ''}`;
}
