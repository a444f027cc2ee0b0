import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@leasewire/contracts';
import { decodeCursor, encodeCursor, type Positions } from './cursor.js';
import type { Feed, FeedPage } from './feed.js';
import { Sight } from './visible.js';
import type { Watch } from './watch.js';

export interface StreamTiming {
  /** A comment this often keeps proxies from closing a quiet stream, and moves its id along. */
  readonly beatMs: number;
  /** A client that does not take what was sent for this long is cut off; its last id lets it go on. */
  readonly drainMs: number;
  /** While nobody can say whether they still may see anything, nothing is sent; after this long the stream ends. */
  readonly blindMs: number;
}

export const streamTiming: StreamTiming = { beatMs: 15_000, drainMs: 15_000, blindMs: 30_000 };

const pageSize = 200;
const reconnectAfterMs = 2000;

/** One open server-sent event stream: reads the feed from its own position, at the pace of whoever listens. */
export class LiveStream {
  #at: Positions;
  #blindSince: number | undefined;
  #onDrain: (() => void) | undefined;

  constructor(
    private readonly out: ServerResponse,
    private readonly watch: Watch,
    private readonly feed: Feed,
    private readonly types: readonly string[] | undefined,
    from: Positions,
    private readonly timing: StreamTiming = streamTiming,
  ) {
    this.#at = from;
  }

  async run(): Promise<void> {
    this.out.once('close', () => {
      this.watch.close();
      this.#onDrain?.();
    });
    this.out.on('drain', () => {
      this.#onDrain?.();
    });
    // An id without data is no event, but is remembered: whoever is cut off before the first event misses nothing.
    await this.#write(`retry: ${reconnectAfterMs}\nid: ${encodeCursor(this.#at)}\n\n`);
    while (!this.watch.isClosed()) {
      const page = await this.#page();
      if (page) {
        await this.#give(page);
        if (page.more) continue;
      }
      if (!(await this.watch.wait(this.timing.beatMs)) && !this.watch.isClosed())
        await this.#write(`: still here\nid: ${encodeCursor(this.#at)}\n\n`);
    }
  }

  /** The server goes: the client comes back to another replica, with its last id. */
  end(): void {
    this.watch.close();
    this.out.end();
  }

  /** undefined when there is nothing to give now: ended, or not to be decided. */
  async #page(): Promise<FeedPage | undefined> {
    try {
      const caller = await this.watch.look();
      const page = await this.feed.read(this.#at, new Sight(caller.principal, this.types), pageSize);
      this.#blindSince = undefined;
      // What they may see changed while we read: read again with new eyes.
      return this.watch.doubted ? { items: [], next: this.#at, more: true } : page;
    } catch (error) {
      await this.#trouble(error);
      return undefined;
    }
  }

  async #trouble(error: unknown): Promise<void> {
    const known = error instanceof DomainError ? error : new DomainError('internal', 'The stream failed. Connect again.');
    if (known.code === 'cursor.expired') {
      const { oldest } = known.details;
      this.#at = decodeCursor(typeof oldest === 'string' ? oldest : '');
      await this.#write(`event: gap\nid: ${encodeCursor(this.#at)}\ndata: ${JSON.stringify(known.toBody())}\n\n`);
      return;
    }
    const blindFor = performance.now() - (this.#blindSince ??= performance.now());
    if ((known.code === 'unavailable' || known.code === 'timeout') && blindFor < this.timing.blindMs) {
      await sleep(Math.min(1000, this.timing.blindMs / 4));
      return;
    }
    await this.#write(`event: end\nid: ${encodeCursor(this.#at)}\ndata: ${JSON.stringify(known.toBody())}\n\n`);
    this.end();
  }

  async #give({ items, next }: FeedPage): Promise<void> {
    let text = '';
    for (const { event, at } of items) text += `id: ${encodeCursor(at)}\ndata: ${event.text}\n\n`;
    this.#at = next;
    if (text !== '') await this.#write(text);
  }

  /** Resolves when the client has taken it: what it does not take is not read for it either. */
  async #write(text: string): Promise<void> {
    if (this.watch.isClosed() || this.out.destroyed || this.out.write(text)) return;
    const drained = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, this.timing.drainMs, false);
      this.#onDrain = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    this.#onDrain = undefined;
    if (!drained) this.out.destroy();
  }
}
