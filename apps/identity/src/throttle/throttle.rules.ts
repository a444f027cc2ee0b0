import { DomainError } from '@leasewire/contracts';

/**
 * Growing delays instead of a lock: after some free failures each further one doubles the wait, up to a cap. A try that
 * comes too early is not counted, so hammering never makes it longer; without failures all is forgotten after a while.
 */
export interface ThrottlePolicy {
  /** Failures that cost nothing: people mistype. */
  readonly free: number;
  readonly firstDelayMs: number;
  readonly capMs: number;
  /** Counted from the last failure. Longer than the cap, or waiting out the delay would clear the record. */
  readonly forgetAfterMs: number;
}

export interface ThrottleRow {
  readonly failures: number;
  readonly blockedUntil: Date;
  readonly forgetAt: Date;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * Who is slowed down, and how much. A stranger who guesses is met by `pair` (this address on this account), by `address`
 * (this address on any account) and by `account` (this account from anywhere). The first is strict: only whoever guesses
 * feels it. The last is mild and capped low, because a victim on a new device would feel it too; on a device that signed
 * in before, only `device` keeps anybody from it (see sign-in-throttle.ts).
 */
export const throttlePolicies = {
  pair: { free: 5, firstDelayMs: 2 * second, capMs: 15 * minute, forgetAfterMs: 2 * hour },
  address: { free: 50, firstDelayMs: second, capMs: minute, forgetAfterMs: hour },
  account: { free: 30, firstDelayMs: second, capMs: 30 * second, forgetAfterMs: 2 * hour },
  device: { free: 8, firstDelayMs: 2 * second, capMs: 15 * minute, forgetAfterMs: 2 * hour },
  /** A second factor, asked only of someone who gave the right password: three codes of a million are right at a time. */
  'second-factor': { free: 5, firstDelayMs: 5 * second, capMs: 15 * minute, forgetAfterMs: 24 * hour },
  /** The current password asked again of someone signed in: whoever found an open screen. */
  reauthentication: { free: 5, firstDelayMs: 5 * second, capMs: 15 * minute, forgetAfterMs: 2 * hour },
  /** Counts requests, not failures. Over it, a request is answered as ever and ignored: the one before still stands. */
  'reset-account': { free: 2, firstDelayMs: 10 * minute, capMs: 2 * hour, forgetAfterMs: 24 * hour },
  'reset-address': { free: 20, firstDelayMs: 10 * second, capMs: 10 * minute, forgetAfterMs: hour },
  /** Refused sign-ins are told to the staff once a minute per person, reason and address. */
  'refusal-report': { free: 0, firstDelayMs: minute, capMs: minute, forgetAfterMs: 2 * minute },
} as const satisfies Record<string, ThrottlePolicy>;
export type ThrottleName = keyof typeof throttlePolicies;

/** How long to wait after so many failures. */
export function delayAfter(failures: number, policy: ThrottlePolicy): number {
  if (failures <= policy.free) return 0;
  return Math.min(policy.capMs, policy.firstDelayMs * 2 ** (failures - policy.free - 1));
}

/** The same as a table, from which the database counts in one atomic step; its last entry holds for all that follow. */
export function delayTable(policy: ThrottlePolicy): number[] {
  const steps = policy.free + 2 + Math.ceil(Math.log2(policy.capMs / policy.firstDelayMs));
  return Array.from({ length: steps + 1 }, (_, failures) => delayAfter(failures, policy));
}

/** Without a delay nobody is blocked, not even someone whose clock is a little behind: of two at once, say. */
export const never = new Date(0);

export type Attempt = { granted: true; row: ThrottleRow } | { granted: false; retryAfterMs: number };

/**
 * A try is counted as a failure before it is made and taken back when it succeeds: a hundred at the same instant are a
 * hundred failures, not one.
 */
export function attempt(row: ThrottleRow | null, policy: ThrottlePolicy, now: Date): Attempt {
  if (row && row.blockedUntil > now) return { granted: false, retryAfterMs: row.blockedUntil.getTime() - now.getTime() };
  const failures = (row && row.forgetAt > now ? row.failures : 0) + 1;
  const delay = delayAfter(failures, policy);
  return {
    granted: true,
    row: {
      failures,
      blockedUntil: delay === 0 ? never : new Date(now.getTime() + delay),
      forgetAt: new Date(now.getTime() + policy.forgetAfterMs),
    },
  };
}

/** An office behind one address is one address; a home's IPv6 prefix is one home. */
export function addressKey(address: string): string {
  const bare = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  if (mapped?.[1]) return mapped[1];
  if (!bare.includes(':')) return bare;
  return `${expandIpv6(bare).slice(0, 4).join(':')}::/64`;
}

function expandIpv6(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const gap = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: gap }, () => '0'), ...right].map((group) => group.replace(/^0+(?=.)/, ''));
}

export function throttled(retryAfterMs: number): DomainError {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new DomainError('sign-in.throttled', `Too many attempts. Wait ${inWords(retryAfterSeconds)}, then try again.`, {
    retryAfterSeconds,
  });
}

function inWords(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
