import type { LocalDate } from '@leasewire/contracts';

/**
 * Days and times as people of a language write them. The names come from `Intl`, their order and the signs between them from
 * here: those change from one release of Node to the next, and a mail must read the same on each replica.
 */
type Language = 'en' | 'es' | 'fr';

export function dayIn(date: LocalDate, locale: string): string {
  return daySaid(new Date(`${date}T00:00:00Z`), 'UTC', locale);
}

/** `Tuesday 24 November 2026, 4:45 pm` */
export function momentIn(at: Date, timeZone: string, locale: string): string {
  const hour12 = languageOf(locale) === 'en';
  const part = partsOf(at, timeZone, hour12 ? 'en-US' : 'en-GB', { hour: 'numeric', minute: '2-digit', hour12 });
  const time = hour12
    ? `${part('hour')}:${part('minute')} ${part('dayPeriod').toLowerCase()}`
    : `${part('hour').padStart(2, '0')}:${part('minute')}`;
  const joint = { en: ', ', es: ', ', fr: ' à ' }[languageOf(locale)];
  return daySaid(at, timeZone, locale) + joint + time;
}

/** Never a time without its zone: `Tuesday 24 November 2026, 4:45 pm (Brisbane, GMT+10)`. */
export function momentAndZoneIn(at: Date, timeZone: string, locale: string): string {
  const offset = partsOf(at, timeZone, 'en-US', { timeZoneName: 'shortOffset' })('timeZoneName');
  const place = timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ');
  return `${momentIn(at, timeZone, locale)} (${place === 'UTC' ? 'UTC' : `${place}, ${offset}`})`;
}

function daySaid(at: Date, timeZone: string, locale: string): string {
  const language = languageOf(locale);
  const part = partsOf(at, timeZone, language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const [weekday, day, month, year] = [part('weekday'), part('day'), part('month'), part('year')];
  if (locale === 'en-US') return `${weekday}, ${month} ${day}, ${year}`;
  if (language === 'es') return `${weekday}, ${day} de ${month} de ${year}`;
  return `${weekday} ${language === 'fr' && day === '1' ? '1er' : day} ${month} ${year}`;
}

export function languageOf(locale: string): Language {
  const base = locale.slice(0, 2).toLowerCase();
  return base === 'es' || base === 'fr' ? base : 'en';
}

type Parts = (type: Intl.DateTimeFormatPartTypes) => string;
function partsOf(at: Date, timeZone: string, locale: string, options: Intl.DateTimeFormatOptions): Parts {
  const parts = formatOf(locale, timeZone, options).formatToParts(at);
  return (type) => parts.find((part) => part.type === type)?.value ?? '';
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** Making one costs far more than using it, and a blast says the same day ten thousand times. */
function formatOf(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${Object.keys(options).join()}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { timeZone, ...options });
  formats.set(key, made);
  return made;
}
