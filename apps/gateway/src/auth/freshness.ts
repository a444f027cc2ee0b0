import type { Heartbeat } from '@leasewire/contracts';

/** Identity beats every second; after this long without one, what is remembered is not believed any more. */
const silenceMs = 5000;
/** An event that was stored is here within milliseconds; one that is not is awaited this long. */
const catchUpMs = 250;
/** Committed changes that wait this long to be published are changes we cannot know of. */
const unpublishedMs = 500;
/** A replica of identity that reported a delay is believed until the others have had time to report too. */
const delayHoldsMs = 1500;
/** This process stood still: what the network holds for it must be heard before anything is believed. */
const standstillMs = 1000;

/**
 * May what is remembered of permissions be believed? Pure bookkeeping over monotonic time: beats heard, position reached.
 * With it a change holds within a second on every replica, and without a call per request (issue 3, 7).
 */
export class Freshness {
  #heardAt = -Infinity;
  #lastSeq = 0;
  #position = 0;
  #behindSince: number | undefined;
  #delayedUntil = -Infinity;
  #tickedAt: number | undefined;

  /** Identity said that it is there. */
  beat(beat: Pick<Heartbeat, 'lastSeq' | 'oldestUnpublishedMs'>, now: number): void {
    this.#heardAt = now;
    this.#lastSeq = Math.max(this.#lastSeq, beat.lastSeq);
    if (beat.oldestUnpublishedMs > unpublishedMs) this.#delayedUntil = now + delayHoldsMs;
    this.#compare(now);
  }

  /** The stream was read up to here. */
  reached(position: number, now: number): void {
    this.#position = position;
    this.#compare(now);
  }

  /** The stream began anew, so its numbers mean something else now. */
  restart(position: number): void {
    this.#position = position;
    this.#lastSeq = 0;
    this.#behindSince = undefined;
    this.#heardAt = -Infinity;
  }

  /** Called several times a second. After a standstill the next beat counts, not the last one. */
  tick(now: number): void {
    if (this.#tickedAt !== undefined && now - this.#tickedAt > standstillMs) this.#heardAt = -Infinity;
    this.#tickedAt = now;
  }

  holds(now: number): boolean {
    return this.why(now) === undefined;
  }

  /** Why what is remembered is not believed, for logs and metrics; undefined when it is. */
  why(now: number): 'silence' | 'behind' | 'delayed' | undefined {
    if (now - this.#heardAt > silenceMs) return 'silence';
    if (this.#behindSince !== undefined && now - this.#behindSince > catchUpMs) return 'behind';
    return now < this.#delayedUntil ? 'delayed' : undefined;
  }

  #compare(now: number): void {
    if (this.#position >= this.#lastSeq) this.#behindSince = undefined;
    else this.#behindSince ??= now;
  }
}
