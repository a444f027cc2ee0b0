import { instantOf, localDateIn, type LocalDate } from '@leasewire/contracts';

const day = 86_400_000;

export const localDateOf = (at: Date, timeZone: string): LocalDate => localDateIn(timeZone, at);

export const addDays = (date: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * day).toISOString().slice(0, 10);

/** The first moment of a day in a zone; where clocks skip midnight, the first one that there is. */
export const startOfDay = (date: LocalDate, timeZone: string): Date => instantOf(`${date}T00:00`, timeZone);

/** The first moment after a day. */
export const endOfDay = (date: LocalDate, timeZone: string): Date => startOfDay(addDays(date, 1), timeZone);

export const plusDays = (at: Date, days: number): Date => new Date(at.getTime() + days * day);
