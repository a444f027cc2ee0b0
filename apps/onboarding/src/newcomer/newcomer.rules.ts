import { instantOf, localDateIn } from '@leasewire/contracts';
import type { Member, Property } from '../account/member.rules.js';
import type { Standing } from '../account/standing.rules.js';
import { nextDay } from '../invitation/timetable.rules.js';

/** Before the alerts of the morning go out, so that it is in them for those who want all alerts in one mail. */
const digestAt = '06:45';

/** Whoever came by themselves, where staff want to be told of it once a day. */
export function isNewcomer(
  { before, after, imported }: { before: Member | undefined; after: Member; imported: boolean },
  { newPeople, started }: Property,
): boolean {
  if (newPeople !== 'digest' || !started || imported) return false;
  return after.state === 'active' && before?.state !== 'active' && before?.state !== 'pending-import';
}

/** The next morning by the clocks of the property. */
export function nextDigest(now: Date, timeZone: string): Date {
  const today = localDateIn(timeZone, now);
  const morning = instantOf(`${today}T${digestAt}`, timeZone);
  return morning > now ? morning : instantOf(`${nextDay(today)}T${digestAt}`, timeZone);
}

interface Person {
  readonly standing: Standing;
  readonly planned: object | null;
  readonly members: readonly Member[];
}
const mostNames = 10;

/** Who of them still waits for somebody to invite them; some names, for a person who knows the house. */
export function stillWaiting(newcomers: ReadonlySet<string>, people: readonly Person[]): { count: number; names: string[] } {
  const waiting = people
    .filter(({ standing, planned }) => standing.status === 'not-invited' && planned === null)
    .flatMap(({ members }) => members.filter(({ residentId, state }) => state === 'active' && newcomers.has(residentId)));
  const names = waiting.map(({ name }) => name).sort((a, b) => a.localeCompare(b, 'en'));
  return { count: names.length, names: names.slice(0, mostNames) };
}
