import { resolveLocalTime, type LocalTime } from '@leasewire/contracts';
import { momentAndZoneIn } from './when.rules.js';

/** "Now" waits this long, so that whoever pressed the button can take it back. */
export const undoMs = 15_000;
/** Later than this nobody remembers what they planned. */
const furthestMs = 366 * 86_400_000;

/** A plan is what the property's clocks will show, never a moment: rules of zones change, and properties are given the right zone. */
export interface Plan {
  readonly local: LocalTime;
  readonly timeZone: string;
}

export type Timing =
  | { readonly kind: 'at'; readonly at: Date; readonly warning: string | null }
  | { readonly kind: 'past'; readonly at: Date; readonly message: string }
  | { readonly kind: 'too-far'; readonly at: Date; readonly message: string };

export const startOfNow = (now: Date, ms = undoMs): Date => new Date(now.getTime() + ms);

export function timingOf(plan: Plan, now: Date): Timing {
  const { at, shown } = resolveLocalTime(plan.local, plan.timeZone);
  const inWords = momentAndZoneIn(at, plan.timeZone, 'en');
  if (at < now) return { kind: 'past', at, message: `${inWords} has passed. Choose a later time, or send it now.` };
  if (at.getTime() - now.getTime() > furthestMs)
    return { kind: 'too-far', at, message: 'That is more than a year ahead. Choose an earlier day.' };
  if (shown === 'never')
    return { kind: 'at', at, warning: `Clocks skip ${plan.local.slice(11)} on that day. It goes out at ${inWords}.` };
  if (shown === 'twice')
    return { kind: 'at', at, warning: `Clocks show ${plan.local.slice(11)} twice on that day. It goes out the first time.` };
  return { kind: 'at', at, warning: null };
}

export type Moved =
  | { readonly kind: 'moved'; readonly plan: Plan; readonly at: Date }
  | { readonly kind: 'passed'; readonly plan: Plan; readonly at: Date; readonly message: string };

/**
 * The property got another time zone: what staff chose is what residents' clocks show, so the local time stays. If that has
 * passed already in the new zone, a person decides; sending hours late without asking is worse than waiting.
 */
export function moveToZone(plan: Plan, timeZone: string, now: Date): Moved {
  const moved = { local: plan.local, timeZone };
  const { at } = resolveLocalTime(moved.local, timeZone);
  if (at >= now) return { kind: 'moved', plan: moved, at };
  const message = `The property’s time zone is now ${timeZone}, where ${plan.local.replace('T', ' ')} has passed. Send it now, choose another time, or cancel it.`;
  return { kind: 'passed', plan: moved, at, message };
}
