import { instantOf, localDateIn, type SyncPolicy } from '@leasewire/contracts';

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
    const at = new Date(
      instantOf(`${localDateIn(timeZone, new Date(now.getTime() + days * dayMs))}T${policy.nightlyAt}`, timeZone).getTime() +
        spread,
    );
    if (at > now) return at;
  }
  return new Date(now.getTime() + dayMs);
}

const hourMs = 60 * minuteMs;
/** A night and a half: one that was missed is noticed the next day. */
const nightlyStaleMs = 36 * hourMs;
export const longestStaleMs = 72 * hourMs;

/** When what is known of a property became older than it should be; null: it is fresh. `since`: its last complete sweep, or its adoption. */
export function staleSince(policy: Pick<SyncPolicy, 'everyMinutes'>, since: Date, now: Date): Date | null {
  const allowed = policy.everyMinutes === null ? nightlyStaleMs : Math.max(hourMs, 3 * policy.everyMinutes * minuteMs);
  const at = new Date(since.getTime() + allowed);
  return at <= now ? at : null;
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
