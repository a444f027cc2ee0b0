import type { Day } from './model.js';

const dayMs = 86_400_000;

export function plusDays(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

const hawaii = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Honolulu' });

/**
 * The day that has begun at every property, wherever it is: with the day of Greenwich whoever moves out today in Texas would,
 * in the evening there, move out tomorrow.
 */
export function dayOf(date: Date): Day {
  return hawaii.format(date);
}

/** `MM/DD/YYYY`, as Entrata writes it. */
export function american(day: Day): string {
  return `${day.slice(5, 7)}/${day.slice(8, 10)}/${day.slice(0, 4)}`;
}
