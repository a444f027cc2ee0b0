import { request, type IncomingMessage } from 'node:http';

/** An envelope, or what a `gap` or `end` says. */
export interface Said {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly code?: string;
  readonly data: { readonly staff?: { readonly name: string } };
}

export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Said;
}

/** A client of a server-sent event stream that a test can look into, hold up, and cut. */
export class EventStream {
  readonly events: ServerSentEvent[] = [];
  lastId = '';
  comments = 0;
  ended = false;

  private constructor(
    readonly status: number,
    readonly response: IncomingMessage,
  ) {
    let held = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      held += chunk;
      const blocks = held.split('\n\n');
      held = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    });
    response.on('close', () => (this.ended = true));
    response.on('error', () => (this.ended = true));
  }

  static open(url: string, token: string, headers: Record<string, string> = {}): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { headers: { authorization: `Bearer ${token}`, ...headers } }, (response) => {
        resolve(new EventStream(response.statusCode ?? 0, response));
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  /** Of the messages without a type of their own. */
  get facts(): Said[] {
    return this.events.filter(({ event }) => event === 'message').map(({ data }) => data);
  }

  of(event: string): Said[] {
    return this.events.filter((one) => one.event === event).map(({ data }) => data);
  }

  close(): void {
    this.response.destroy();
  }

  #take(block: string): void {
    const lines = block.split('\n');
    const field = (name: string): string | undefined =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    this.comments += lines.filter((line) => line.startsWith(':')).length;
    this.lastId = field('id') ?? this.lastId;
    const data = field('data');
    if (data !== undefined)
      this.events.push({ id: this.lastId, event: field('event') ?? 'message', data: JSON.parse(data) as Said });
  }
}
