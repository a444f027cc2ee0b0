import type { EventContract } from '@leasewire/contracts';
import { eventByType } from '@leasewire/contracts';

/** An event of a stream as the gateway keeps it: bytes, opened only when somebody wants it. */
export class StoredEvent {
  /** `identity.staff.invited.v1` */
  readonly type: string;
  readonly orgId: string;
  #text: string | undefined;
  #envelope: OpenedEnvelope | undefined;

  constructor(
    readonly seq: number,
    subject: string,
    private readonly bytes: Uint8Array,
  ) {
    const org = subject.lastIndexOf('.');
    this.type = subject.slice(subject.indexOf('.') + 1, org);
    this.orgId = subject.slice(org + 1);
  }

  get size(): number {
    return this.bytes.length + 200;
  }

  /** What is known of its type; undefined for one that a newer service publishes. */
  get contract(): EventContract | undefined {
    return eventByType(this.type);
  }

  /** One line of JSON, as it was published. */
  get text(): string {
    return (this.#text ??= oneLine(Buffer.from(this.bytes).toString('utf8')));
  }

  get envelope(): OpenedEnvelope {
    return (this.#envelope ??= openEnvelope(this.text));
  }
}

export interface OpenedEnvelope {
  readonly readable: boolean;
  readonly propertyId: string | undefined;
  readonly time: string;
  readonly data: unknown;
}

function openEnvelope(text: string): OpenedEnvelope {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) {
      const property = 'propertyid' in value ? value.propertyid : undefined;
      return {
        readable: true,
        propertyId: typeof property === 'string' ? property : undefined,
        time: 'time' in value && typeof value.time === 'string' ? value.time : '',
        data: 'data' in value ? value.data : undefined,
      };
    }
  } catch {
    // falls through: such an event is nobody's
  }
  return { readable: false, propertyId: undefined, time: '', data: undefined };
}

/** A line break would end the field of a server-sent event. JSON holds them only between its tokens. */
function oneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replaceAll(/[\r\n]+/g, ' ') : text;
}

/** The newest events of one stream, in order, in memory: bounded by number and by bytes. */
export class StreamRing {
  readonly #events: StoredEvent[] = [];
  #bytes = 0;
  #before: number;

  constructor(
    position: number,
    private readonly most = { events: 5000, bytes: 16 * 1024 * 1024 },
  ) {
    this.#before = position;
  }

  /** Everything after this position is here. */
  get from(): number {
    return this.#before;
  }

  push(event: StoredEvent): void {
    this.#events.push(event);
    this.#bytes += event.size;
    // In blocks: shifting an array one by one moves all of it each time.
    if (this.#events.length < this.most.events * 1.25 && this.#bytes < this.most.bytes * 1.25) return;
    let drop = 0;
    while (this.#events.length - drop > this.most.events || this.#bytes > this.most.bytes) {
      const dropped = this.#events[drop++];
      if (!dropped) break;
      this.#bytes -= dropped.size;
      this.#before = dropped.seq;
    }
    this.#events.splice(0, drop);
  }

  /** Index of the first event after a position. */
  indexAfter(position: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#events[middle]?.seq ?? Infinity) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  at(index: number): StoredEvent | undefined {
    return this.#events[index];
  }

  get length(): number {
    return this.#events.length;
  }
}
