import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, durableOf, type Fact } from '@leasewire/contracts';
import { currentContext } from './context.js';
import {
  afterFailure,
  backoffAfter,
  neverFinishes,
  usualPatience,
  type DeadLetterReason,
  type Patience,
} from './delivery.rules.js';
import type { SubscriptionSpec } from './event-bus.js';
import { faultPoint } from './fault-point.js';
import type { Log } from './log.js';
import type { EventObserver, EventOutcome } from './observers.js';
import { readFact } from './read-fact.js';

/** After a process died, its events come to another this much later. A process that lives says so, however long it takes. */
const usualAckWaitMs = 10_000;

/** A handler and how it wants to be fed, defaults filled in. */
export interface Route extends Required<SubscriptionSpec> {
  readonly durable: string;
  readonly patience: Patience;
  readonly handle: (fact: Fact) => Promise<void>;
}

export function routeOf(
  spec: SubscriptionSpec,
  handle: (fact: Fact) => Promise<void>,
  ackWaitMs: number = usualAckWaitMs,
): Route {
  const maxDeliver = spec.maxDeliver ?? usualPatience.maxDeliver;
  const backoffMs = spec.backoffMs ?? usualPatience.backoffMs;
  return {
    ...spec,
    concurrency: spec.concurrency ?? 20,
    ackWaitMs: spec.ackWaitMs ?? ackWaitMs,
    maxDeliver,
    backoffMs,
    patience: { maxDeliver, backoffMs },
    durable: durableOf(spec.service, spec.handler),
    handle,
  };
}

/** One event handed to one handler, whatever bus brought it. Exactly one of ack, retry and discard ends it. */
export interface Delivered {
  readonly bytes: Uint8Array;
  /** Where it was published first, also when it comes from the dead letters. */
  readonly subject: string;
  readonly stream: string;
  readonly seq: number;
  /** This one included; counted anew for a replay. */
  readonly deliveries: number;
  /** Names this delivery's message, so that setting it aside twice leaves one dead letter. */
  readonly identity: string;
  ack(): void;
  retry(afterMs: number): void;
  /** It has become a dead letter. */
  discard(reason: string): void;
  /** Still at it: do not hand it to someone else yet. */
  working(): void;
}

export interface LetterToWrite {
  readonly route: Pick<Route, 'service' | 'handler' | 'durable'>;
  readonly message: Delivered;
  readonly reason: DeadLetterReason;
  readonly error: string;
}

export interface Postbox {
  /** Resolves when the letter is stored. */
  put(letter: LetterToWrite): Promise<void>;
}

/** A handler that runs longer than this many ack waits is taken for hung; its event goes to another replica. */
const longestInAckWaits = 60;
const longestError = 1000;
const longestWaitForServersMs = 30_000;
const pauseWhileAwayMs = 500;

/** Takes one message through decoding, handling and settling. The handler commits before the ack, never after. */
export class Deliverer {
  #abandoned = false;
  #closing = false;

  constructor(
    private readonly postbox: Postbox,
    private readonly log: Log,
    private readonly observer: EventObserver,
  ) {}

  /** What waits for servers that are away is given back at once. */
  close(): void {
    this.#closing = true;
  }

  /** From now on nobody is told that we are still working: what has not ended is left to redelivery. */
  abandon(): void {
    this.#abandoned = true;
  }

  /** Never rejects. */
  async deliver(message: Delivered, route: Route): Promise<void> {
    const began = performance.now();
    this.observer.started(route.handler);
    const outcome = await this.#handle(message, route).catch((error: unknown): EventOutcome => {
      // Only a connection that closes under us comes here; the message is redelivered.
      this.log.warn(
        { durable: route.durable, seq: message.seq, reason: String(error) },
        'an event could not be settled; it will come again',
      );
      return 'retried';
    });
    this.observer.finished(route.handler, outcome, performance.now() - began);
  }

  async #handle(message: Delivered, route: Route): Promise<EventOutcome> {
    if (neverFinishes(message.deliveries, route.patience))
      return this.#setAside(message, route, 'never-finished', `It was begun ${message.deliveries - 1} times and never ended.`);
    const stopTelling = this.#tellThatItWorks(message, route);
    try {
      const { subject, seq, deliveries } = message;
      const fact = readFact(message.bytes, route.contracts, { subject, seq, deliveries, handler: route.handler });
      await this.#onceItsServersAreThere(() => currentContext.run(contextOf(fact), () => route.handle(fact)));
      await faultPoint('after-handling-before-ack');
      message.ack();
      return 'handled';
    } catch (error) {
      return await this.#settleFailure(message, route, error);
    } finally {
      stopTelling();
    }
  }

  /**
   * What a handler needs is away for the moment: its event waits here, where it goes on within half a second of the return,
   * and not in the stream, where it would sit out a back-off that has grown meanwhile.
   */
  async #onceItsServersAreThere(handle: () => Promise<void>): Promise<void> {
    const giveUpAt = performance.now() + longestWaitForServersMs;
    for (;;) {
      try {
        await handle();
        return;
      } catch (error) {
        const isAway = error instanceof DomainError && error.code === 'unavailable';
        if (!isAway || this.#closing || performance.now() > giveUpAt) throw error;
      }
      await sleep(pauseWhileAwayMs);
    }
  }

  #settleFailure(message: Delivered, route: Route, error: unknown): Promise<EventOutcome> {
    const verdict = afterFailure(error, message.deliveries, route.patience);
    if (verdict.then === 'set-aside') return this.#setAside(message, route, verdict.reason, describe(error), error);
    this.log.warn(
      { ...about(message, route), err: error, attempt: message.deliveries, retryInMs: verdict.afterMs },
      `${route.handler} failed on an event; it is tried again`,
    );
    message.retry(verdict.afterMs);
    return Promise.resolve('retried');
  }

  async #setAside(
    message: Delivered,
    route: Route,
    reason: DeadLetterReason,
    error: string,
    cause?: unknown,
  ): Promise<EventOutcome> {
    try {
      await this.postbox.put({ route, message, reason, error: error.slice(0, longestError) });
    } catch (failure) {
      const afterMs = Math.max(1000, Math.min(backoffAfter(message.deliveries, route.patience), 30_000));
      this.log.error(
        { ...about(message, route), err: failure, retryInMs: afterMs },
        'a dead letter could not be stored; the event stays in its stream and is tried again',
      );
      message.retry(afterMs);
      return 'retried';
    }
    message.discard(reason);
    this.log.error(
      { ...about(message, route), reason, attempts: message.deliveries, ...(cause !== undefined && { err: cause }) },
      `${route.handler} gave up on an event (${reason}); it waits among the dead letters of ${route.service}: look with “dead-letters list”, and “dead-letters replay” when the cause is mended`,
    );
    return 'dead-lettered';
  }

  /** ack_wait is for a process that died. One that lives says so three times as often, but not for ever. */
  #tellThatItWorks(message: Delivered, route: Route): () => void {
    let told = 0;
    const timer = setInterval(() => {
      if (this.#abandoned || ++told > longestInAckWaits * 3) {
        clearInterval(timer);
        if (!this.#abandoned)
          this.log.error(
            about(message, route),
            `${route.handler} has been at one event for ${longestInAckWaits} ack waits; it goes to another replica`,
          );
        return;
      }
      try {
        message.working();
      } catch {
        clearInterval(timer); // the connection was closed: the event will be delivered to another
      }
    }, route.ackWaitMs / 3);
    timer.unref();
    return () => {
      clearInterval(timer);
    };
  }
}

function contextOf(fact: Fact) {
  return {
    correlationId: fact.correlationId,
    doing: fact.handler,
    actor: fact.actor,
    orgId: fact.orgId,
    ...(fact.traceparent !== undefined && { traceparent: fact.traceparent }),
  };
}

function about(message: Delivered, route: Route) {
  return { durable: route.durable, subject: message.subject, seq: message.seq };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
