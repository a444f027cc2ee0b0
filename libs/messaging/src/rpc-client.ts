import { createHash, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, rpcSubject, type InputOf, type OutputOf, type RpcContract } from '@leasewire/contracts';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { ConnectionState } from './connection-state.js';
import { newId } from './ids.js';
import { silentLog, type Log } from './log.js';
import { NoReply, ReplyMux } from './reply-mux.js';
import { silenceMs } from './signs-of-life.js';
import { decodeError, header, headerOf, ReadyHeaders, utf8 } from './wire.js';

export interface CallOptions {
  readonly assertion: string;
  readonly correlationId: string;
  readonly traceparent?: string;
  /** Of a command: the same key never does the work twice. Made up when none is given, so that a retry is safe. */
  readonly idempotencyKey?: string;
  /** What causes this call, when that may be repeated: from it and the input comes a key that is the same each time. */
  readonly idempotencyBase?: string;
  readonly timeoutMs?: number;
  /**
   * A person waits: where the broker is away or the owner shows no sign of life for two seconds, the call fails then, however
   * long its work may take. Everybody else waits as long as the contract says, over restarts and standstills.
   */
  readonly attended?: boolean;
}

export interface RawReply {
  readonly ok: boolean;
  /** JSON: the output, or the error. */
  readonly body: Uint8Array;
  readonly version?: number;
  /** The owner had done it before and answers with the stored result. */
  readonly replayed: boolean;
}

/** The half of the client that callers use; MemoryRpc has it too. */
export interface RpcCaller {
  call<C extends RpcContract>(contract: C, input: InputOf<C>, via: CallOptions): Promise<OutputOf<C>>;
  callRaw(contract: RpcContract, input: unknown, via: CallOptions): Promise<RawReply>;
}

const retryAfterMs = 100;

/** One call, over all its tries. */
interface Asking {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly headers: ReadyHeaders;
  readonly deadline: number;
  readonly attended: boolean;
}

export class RpcClient implements RpcCaller {
  readonly #mux: ReplyMux;
  readonly #state: ConnectionState;

  constructor(
    private readonly connection: NatsConnection,
    log: Log = silentLog,
    /** Of a process that serves people: all its calls are `attended`. */
    private readonly attended = false,
  ) {
    this.#mux = new ReplyMux(connection, log);
    this.#state = ConnectionState.of(connection, log);
  }

  async call<C extends RpcContract>(contract: C, input: InputOf<C>, via: CallOptions): Promise<OutputOf<C>> {
    const reply = await this.callRaw(contract, input, via);
    if (!reply.ok) throw decodeError(reply.body);
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- here bytes become a type: their owner made them by this contract
    return (reply.body.length === 0 ? undefined : JSON.parse(utf8(reply.body))) as OutputOf<C>;
  }

  /** Fails like `call` when nobody answers; an error that the owner answered comes back as bytes. */
  async callRaw(contract: RpcContract, input: unknown, via: CallOptions): Promise<RawReply> {
    const body = Buffer.from(input === undefined ? '' : JSON.stringify(input));
    const timeoutMs = via.timeoutMs ?? contract.timeoutMs;
    const attended = (via.attended ?? this.attended) && timeoutMs > silenceMs;
    const headers = this.#headersOf(contract, body, via, attended);
    this.#assertFits(contract, body.length + headers.encode().length);
    const asking = { subject: rpcSubject(contract), body, headers, deadline: performance.now() + timeoutMs, attended };
    let lost: NoReply | undefined;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(asking);
      if (outcome instanceof NoReply && outcome.reason === 'connection-lost') lost = outcome;
      if (isWorthRepeating(outcome, attempt, this.#state) && (await waitedBefore(asking.deadline))) continue;
      // What was once on its way may have been done, whatever became of the later tries.
      if (outcome instanceof NoReply) throw failureOf(lost ?? outcome, contract, timeoutMs);
      return outcome;
    }
  }

  get inFlight(): number {
    return this.#mux.inFlight;
  }

  close(): void {
    this.#mux.close();
  }

  async #attempt({ subject, body, headers, deadline, attended }: Asking): Promise<RawReply | NoReply> {
    const leftMs = deadline - performance.now();
    if (!this.#state.connected && !(await this.#state.whenConnected(attended ? Math.min(leftMs, silenceMs) : leftMs)))
      return new NoReply(this.#state.closed ? 'closed' : 'unreachable', subject);
    try {
      const stillMs = deadline - performance.now();
      return toReply(await this.#mux.request(subject, body, headers, stillMs, attended ? silenceMs : undefined));
    } catch (error) {
      if (error instanceof NoReply) return error;
      throw error;
    }
  }

  #headersOf(contract: RpcContract, body: Buffer, via: CallOptions, attended: boolean): ReadyHeaders {
    return new ReadyHeaders([
      [header.assertion, via.assertion],
      [header.correlation, via.correlationId],
      [header.traceparent, via.traceparent],
      [header.idempotencyKey, contract.does === 'command' ? keyOf(contract, body, via) : undefined],
      [header.timeoutMs, via.timeoutMs === undefined || via.timeoutMs === contract.timeoutMs ? undefined : String(via.timeoutMs)],
      [header.attended, attended ? '1' : undefined],
    ]);
  }

  #assertFits(contract: RpcContract, bytes: number): void {
    const most = this.connection.info?.max_payload;
    if (most === undefined || bytes <= most) return;
    throw new DomainError(
      'payload-too-large',
      `The input of ${contract.name} is ${bytes} bytes; at most ${most} fit in one call. Send it in parts.`,
      { bytes, most },
    );
  }
}

function keyOf(contract: RpcContract, body: Buffer, via: CallOptions): string {
  if (via.idempotencyKey !== undefined) return via.idempotencyKey;
  if (via.idempotencyBase === undefined) return newId('call');
  return createHash('sha256').update(`${via.idempotencyBase}\n${contract.name}\n`).update(body).digest('base64url');
}

function toReply(message: Msg): RawReply {
  const version = headerOf(message.headers, header.version);
  return {
    ok: headerOf(message.headers, header.ok) === '1',
    body: message.data,
    replayed: headerOf(message.headers, header.replayed) === '1',
    ...(version !== undefined && { version: Number(version) }),
  };
}

/** Once more when nobody answered or the owner is overloaded. A command goes out under the same key, so it is never done twice. */
function isWorthRepeating(outcome: RawReply | NoReply, attempt: number, state: ConnectionState): boolean {
  if (outcome instanceof NoReply) {
    if (outcome.reason !== 'no-responders' && outcome.reason !== 'connection-lost') return false;
    return attempt === 1 || state.othersMayStillReturn;
  }
  if (outcome.ok) return false;
  const { code } = decodeError(outcome.body);
  // Our own first try, whose answer was lost, is still at work: its result is what we are waiting for.
  return attempt === 1 ? code === 'unavailable' : code === 'idempotency.in-progress';
}

/** A short random pause; false when it would outlast the call. */
async function waitedBefore(deadline: number): Promise<boolean> {
  const waitMs = randomInt(retryAfterMs / 2, retryAfterMs * 1.5);
  if (performance.now() + waitMs >= deadline) return false;
  await sleep(waitMs);
  return true;
}

function failureOf(failure: NoReply, contract: RpcContract, timeoutMs: number): DomainError {
  const unavailable = (why: string): DomainError =>
    new DomainError('unavailable', `${contract.service} ${why}`, { service: contract.service });
  switch (failure.reason) {
    case 'no-responders':
    case 'unreachable':
      return unavailable('cannot be reached at the moment. Try again shortly.');
    case 'closed':
      return unavailable('cannot be called any more: this process is shutting down.');
    case 'not-allowed':
      return new DomainError(
        'forbidden',
        `This service may not call ${contract.name}: the table of services in libs/contracts does not list the call.`,
      );
    case 'connection-lost':
    case 'silent':
      if (contract.does === 'query') return unavailable('cannot be reached at the moment. Try again shortly.');
      return unanswered(contract, `cannot be reached any more, and did not say what became of ${contract.name}.`);
    case 'timeout':
      return unanswered(contract, `did not answer ${contract.name} within ${timeoutMs} ms.`);
  }
}

function unanswered(contract: RpcContract, what: string): DomainError {
  const next =
    contract.does === 'command' ? 'The change may have been made: repeat it with the same idempotency key.' : 'Try again.';
  return new DomainError('timeout', `${contract.service} ${what} ${next}`, { service: contract.service });
}
