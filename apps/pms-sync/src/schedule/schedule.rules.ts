import type { SyncPolicy } from '@leasewire/contracts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Nightly sweeps of many properties are spread over this long. */
const nightlySpreadMs = 20 * minuteMs;

/**
 * When the next sweep is due. `jitter` (0 ≤ x < 1) belongs to the property, so that its sweeps keep their distance and those of many
 * properties do not come together. Reckoned from now and never from the last time: after an outage each is caught up with once.
 */
export function nextSweepAt(
  policy: Pick<SyncPolicy, 'everyMinutes' | 'nightlyAt'>,
  timeZone: string,
  now: Date,
  jitter: number,
): Date {
  if (policy.everyMinutes !== null) {
    const every = policy.everyMinutes * minuteMs;
    const offset = Math.floor(jitter * every);
    return new Date(Math.floor((now.getTime() - offset) / every + 1) * every + offset);
  }
  const spread = Math.floor(jitter * nightlySpreadMs);
  for (let days = -1; days <= 2; days++) {
    const at = new Date(wallTime(timeZone, new Date(now.getTime() + days * dayMs), policy.nightlyAt).getTime() + spread);
    if (at > now) return at;
  }
  return new Date(now.getTime() + dayMs);
}

/** The moment when clocks in the zone show `time` on the day of `near`. Where they skip it, the moment just after the gap. */
export function wallTime(timeZone: string, near: Date, time: string): Date {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(near);
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const before = wanted - offsetMs(timeZone, new Date(wanted - dayMs / 2));
  const after = wanted - offsetMs(timeZone, new Date(wanted + dayMs / 2));
  // of two moments that show the time the first; of none, what the clocks showed before they were moved
  if (before + offsetMs(timeZone, new Date(before)) === wanted) return new Date(before);
  if (after + offsetMs(timeZone, new Date(after)) === wanted) return new Date(after);
  return new Date(before);
}

function offsetMs(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}

/** A number that belongs to an id: the same on each replica and after each restart. */
export function jitterOf(id: string): number {
  let hash = 2_166_136_261;
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  // ids that differ in their end only are to be far apart
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
