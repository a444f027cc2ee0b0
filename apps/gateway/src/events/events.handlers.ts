import { DomainError } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Authenticator } from '../auth/authenticator.js';
import type { Caller } from '../auth/caller.js';
import { CallerCache } from '../auth/caller-cache.js';
import { credentialOf } from '../auth/credentials.js';
import { Responder } from '../http/responder.js';
import { taken, type Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { decodeCursor, encodeCursor, type Positions } from './cursor.js';
import type { EventsQuery, StreamQuery } from './events.routes.js';
import { Feed } from './feed.js';
import { LiveStream } from './live-stream.js';
import { OpenStreams } from './open-streams.js';
import { assertTypes, Sight } from './visible.js';
import { Waker } from './waker.js';
import { Watch } from './watch.js';

@Injectable()
export class EventHandlers {
  readonly #open = new Set<LiveStream>();
  readonly #watches = new Set<Watch>();

  constructor(
    private readonly feed: Feed,
    private readonly streams: OpenStreams,
    private readonly auth: Authenticator,
    private readonly cache: CallerCache,
    private readonly waker: Waker,
    private readonly responder: Responder,
  ) {}

  /** GET /v1/stream */
  async stream(exchange: Exchange, query: z.output<typeof StreamQuery>, caller: Caller): Promise<Answer> {
    const { types } = query;
    if (types) assertTypes(types, caller.principal);
    const from = await this.#begin(exchange.header('last-event-id') ?? query.after ?? 'now');
    const giveBack = this.streams.take(caller);
    const watch = this.#watch(exchange, caller);
    this.responder.begin(exchange, 200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    const stream = new LiveStream(exchange.reply.raw, watch, this.feed, types, from);
    this.#open.add(stream);
    void stream.run().finally(() => {
      this.#open.delete(stream);
      this.#leave(watch);
      giveBack();
      exchange.reply.raw.end();
    });
    return taken;
  }

  /** GET /v1/events */
  async list(exchange: Exchange, query: z.output<typeof EventsQuery>, caller: Caller): Promise<Answer> {
    const { types, limit, wait } = query;
    if (types) assertTypes(types, caller.principal);
    let at = await this.#begin(query.after ?? 'oldest');
    let page = await this.feed.read(at, new Sight(caller.principal, types), limit);
    if (wait > 0 && page.items.length === 0) {
      const giveBack = this.streams.take(caller);
      const watch = this.#watch(exchange, caller);
      const gone = (): void => {
        watch.close();
      };
      exchange.reply.raw.once('close', gone);
      try {
        const until = performance.now() + wait * 1000;
        // Scanned pages that hold nothing for them are passed over at once; at the end of the streams it waits.
        while (page.items.length === 0 && !watch.isClosed() && performance.now() < until) {
          at = page.next;
          if (!page.more) await watch.wait(until - performance.now());
          if (watch.isClosed()) break;
          const now = await watch.look();
          const next = await this.feed.read(at, new Sight(now.principal, types), limit);
          if (!watch.doubted) page = next;
        }
      } finally {
        exchange.reply.raw.off('close', gone);
        this.#leave(watch);
        giveBack();
      }
    }
    const items = page.items.map(({ event }) => event.text).join(',');
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: `{"items":[${items}],"nextCursor":${JSON.stringify(encodeCursor(page.next))},"more":${String(page.more)}}`,
    };
  }

  /** Streams never end by themselves; clients go on elsewhere. */
  endAll(): void {
    for (const stream of this.#open) stream.end();
    for (const watch of this.#watches) watch.close();
  }

  #watch(exchange: Exchange, caller: Caller): Watch {
    const credential = credentialOf(exchange.request.raw.headers);
    if (!credential) throw new DomainError('unauthenticated', 'Sign in first.');
    const watch = new Watch(caller, credential, exchange.correlationId, this.auth, this.cache, this.waker);
    this.#watches.add(watch);
    return watch;
  }

  #leave(watch: Watch): void {
    watch.close();
    this.#watches.delete(watch);
  }

  #begin(from: string): Promise<Positions> {
    if (from === 'now') return this.feed.now();
    // From nothing, the beginning is wherever what is kept begins.
    return Promise.resolve(from === 'oldest' ? {} : decodeCursor(from));
  }
}
