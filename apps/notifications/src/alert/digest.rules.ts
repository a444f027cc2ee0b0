import { localDateIn, resolveLocalTime } from '@leasewire/contracts';

const digestAt = '07:00';
const dayMs = 86_400_000;

/** The next seven o’clock there, on clocks that may have been moved in the night. */
export function nextMorning(now: Date, timeZone: string): Date {
  const on = (day: Date): Date => resolveLocalTime(`${localDateIn(timeZone, day)}T${digestAt}`, timeZone).at;
  const today = on(now);
  return today > now ? today : on(new Date(now.getTime() + dayMs));
}
