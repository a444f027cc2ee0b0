import type { Msg } from '@nats-io/transport-node';
import { header, headerOf, ReadyHeaders } from './wire.js';

/** Who waits for a person gives a call up after so long without a word of its owner. */
export const silenceMs = 2000;
/** Several fit into a silence: one may be late on a busy machine. */
const everyMs = 500;

const working = new ReadyHeaders([[header.working, '1']]);
const nothing = new Uint8Array(0);

export const isSignOfLife = (message: Msg): boolean => headerOf(message.headers, header.working) === '1';
export const wantsSignsOfLife = (message: Msg): boolean => headerOf(message.headers, header.attended) === '1';

/**
 * The owner’s half: as long as a call that somebody watches waits or runs here, its caller hears of it. Each process speaks for
 * the calls that it has itself, so one that stands still is found out although others of its service are well.
 */
export class SignsOfLife {
  readonly #underWay = new Map<Msg, number>();
  #timer: NodeJS.Timeout | undefined;

  begin(message: Msg, patienceMs: number): void {
    this.#underWay.set(message, performance.now() + patienceMs);
    this.#timer ??= setInterval(() => {
      this.#tell();
    }, everyMs).unref();
  }

  end(message: Msg): void {
    if (this.#underWay.delete(message) && this.#underWay.size === 0) this.stop();
  }

  stop(): void {
    this.#underWay.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tell(): void {
    const now = performance.now();
    for (const [message, until] of this.#underWay)
      if (until <= now) this.end(message);
      else tell(message);
  }
}

function tell(message: Msg): void {
  try {
    message.respond(nothing, { headers: working });
  } catch {
    // without a connection there is nobody to tell; the caller has lost it too
  }
}
