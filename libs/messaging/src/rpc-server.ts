import { DomainError, type CommonErrorCode, type RpcContract } from '@leasewire/contracts';
import { ServerNats, type MessageHandler } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { isObservable, lastValueFrom } from 'rxjs';
import { Admission } from './admission.js';
import type { Assertions } from './assertions.js';
import { ConnectionState } from './connection-state.js';
import { currentContext } from './context.js';
import type { Log } from './log.js';
import { silentRpcObserver, type RpcObserver } from './observers.js';
import { correlationOf, fieldsOf, openCall, patienceOf, replyWith, replyWithError, type Reply } from './rpc-exchange.js';
import type { RpcExtras } from './rpc.decorator.js';
import { SignsOfLife, wantsSignsOfLife } from './signs-of-life.js';

export interface RpcServerOptions {
  readonly connection: NatsConnection;
  readonly service: string;
  readonly assertions: Assertions;
  readonly log: Log;
  readonly observer?: RpcObserver;
  /** At once in this process, and waiting for their turn; beyond both a call is answered `unavailable`. */
  readonly concurrency?: number;
  readonly queue?: number;
  readonly closeDeadlineMs?: number;
  /**
   * Hold handlers to their contract too: parse what they return, and let none fail with what it does not name. For tests and
   * development; it costs as much as serializing.
   */
  readonly checkOutputs?: boolean;
}

interface Endpoint {
  readonly contract: RpcContract;
  readonly handler: MessageHandler;
}

/**
 * Nest's NATS server on the connection of the process: Nest finds the handlers and runs its guards, pipes and interceptors;
 * what goes over the wire, who may call, how many at once and how it ends are ours.
 */
export class RpcServer extends ServerNats {
  #outgoing: { readonly message: Msg; readonly reply: Reply }[] = [];
  readonly #subscriptions: Subscription[] = [];
  readonly #admission: Admission;
  readonly #signs = new SignsOfLife();
  readonly #observer: RpcObserver;

  constructor(private readonly about: RpcServerOptions) {
    super({ queue: about.service });
    this.#admission = new Admission(about.concurrency ?? 256, about.queue ?? 1024);
    this.#observer = about.observer ?? silentRpcObserver;
  }

  override createNatsClient(): Promise<NatsConnection> {
    return Promise.resolve(this.about.connection);
  }

  override addHandler(pattern: unknown, handler: MessageHandler, isEvent = false, extras: Record<string, unknown> = {}): void {
    const contract = contractOf(extras);
    if (!contract || isEvent)
      throw new Error(`${String(pattern)} must be declared with @Rpc(contract), not with @MessagePattern`);
    if (contract.service !== this.about.service)
      throw new Error(`${this.about.service} cannot answer ${contract.name}: that is a call of ${contract.service}`);
    if (this.messageHandlers.has(String(pattern))) throw new Error(`${contract.name} has two handlers; one call has one`);
    super.addHandler(pattern, handler, isEvent, extras);
  }

  override bindEvents(connection: NatsConnection): void {
    for (const [subject, handler] of this.messageHandlers) {
      const contract = contractOf(handler.extras);
      if (!contract) continue;
      const endpoint = { contract, handler };
      const subscription = connection.subscribe(subject, {
        queue: this.about.service,
        // An error thrown in here would end the client's read loop for good.
        callback: (error, message) => {
          if (error)
            this.about.log.error(
              { subject, reason: error.message },
              'NATS does not let this service answer; check its allow-list',
            );
          else this.#receive(endpoint, message);
        },
      });
      this.#subscriptions.push(subscription);
    }
  }

  /** Stops listening, finishes what has begun and what has arrived; the connection stays, it is not ours. */
  override async close(): Promise<void> {
    const deadlineMs = this.about.closeDeadlineMs ?? 20_000;
    const { connection, log } = this.about;
    if (ConnectionState.of(connection).connected)
      await Promise.allSettled(this.#subscriptions.splice(0).map((subscription) => subscription.drain()));
    if (!(await this.#admission.whenIdle(deadlineMs)))
      log.warn({ ...this.#admission.load, deadlineMs }, 'calls were still running at shutdown; their callers will time out');
    this.#signs.stop();
    this.#sendAll();
    if (ConnectionState.of(connection).connected) await connection.flush();
  }

  /** For health and metrics. */
  get load(): { readonly running: number; readonly waiting: number } {
    return this.#admission.load;
  }

  /** Connection.ts says it already. */
  override handleStatusUpdates(): Promise<void> {
    return Promise.resolve();
  }

  #receive({ contract, handler }: Endpoint, message: Msg): void {
    const arrived = performance.now();
    const work = async (): Promise<void> => {
      this.#observer.started(contract.name);
      const { reply, outcome } = await this.#answer(contract, handler, message);
      this.#send(message, reply);
      this.#observer.finished(contract.name, outcome, performance.now() - arrived);
    };
    const patienceMs = patienceOf(contract, message);
    if (wantsSignsOfLife(message)) this.#signs.begin(message, patienceMs);
    if (this.#admission.admit(work, patienceMs)) return;
    this.#send(message, replyWithError(overloaded(contract)));
    this.#observer.finished(contract.name, 'unavailable', 0);
  }

  async #answer(contract: RpcContract, handler: MessageHandler, message: Msg): Promise<{ reply: Reply; outcome: string }> {
    const correlationId = correlationOf(message);
    try {
      const { call, input } = openCall(contract, message, correlationId, this.about.assertions);
      const context = {
        correlationId,
        doing: contract.name,
        actor: call.actor.ref,
        ...(call.actor.orgId !== null && { orgId: call.actor.orgId }),
        ...(call.traceparent !== undefined && { traceparent: call.traceparent }),
      };
      const output = await currentContext.run(context, () => settled(handler(input, call)));
      if (this.about.checkOutputs) assertOutput(contract, output);
      const reply = replyWith(output, call);
      this.#assertFits(contract, reply);
      return { reply, outcome: 'ok' };
    } catch (error) {
      const checked = this.about.checkOutputs ? orUndeclared(contract, error) : error;
      const failure = checked instanceof DomainError ? checked : this.#unknown(contract, correlationId, checked);
      return { reply: replyWithError(failure), outcome: failure.code };
    }
  }

  #unknown(contract: RpcContract, correlationId: string, error: unknown): DomainError {
    this.about.log.error(
      { err: error, correlationId, method: contract.name },
      `${contract.name} failed in a way nobody expected`,
    );
    return new DomainError('internal', `Something went wrong on our side. Tell support this number: ${correlationId}.`, {
      correlationId,
    });
  }

  #assertFits(contract: RpcContract, { body, headers }: Reply): void {
    const most = this.about.connection.info?.max_payload;
    const bytes = body.length + headers.encode().length;
    if (most === undefined || bytes <= most) return;
    throw new DomainError(
      'payload-too-large',
      `The answer of ${contract.name} is ${bytes} bytes; at most ${most} fit. Ask for fewer at a time.`,
      { bytes, most },
    );
  }

  /** Replies of one turn of the event loop leave in one write to the socket, as calls do (ReplyMux). */
  #send(message: Msg, reply: Reply): void {
    this.#signs.end(message);
    if (this.#outgoing.push({ message, reply }) === 1) setImmediate(this.#sendAll);
  }

  readonly #sendAll = (): void => {
    const outgoing = this.#outgoing;
    this.#outgoing = [];
    for (const { message, reply } of outgoing)
      try {
        message.respond(reply.body, { headers: reply.headers });
      } catch (error) {
        this.about.log.warn(
          { subject: message.subject, reason: String(error) },
          'a reply could not be sent; the caller will repeat or time out',
        );
      }
  };
}

/** With an interceptor Nest hands back an observable, without one the value. */
async function settled(result: unknown): Promise<unknown> {
  const value = await result;
  return isObservable(value) ? lastValueFrom(value, { defaultValue: undefined }) : value;
}

function overloaded(contract: RpcContract): DomainError {
  return new DomainError('unavailable', `${contract.service} has too much to do at the moment. Try again shortly.`, {
    service: contract.service,
  });
}

/** What may come of any call, by how it is made; all else is for the contract to name, or the API’s documentation is silent about it. */
const withAnyCall: ReadonlySet<string> = new Set<CommonErrorCode>([
  ...(['invalid-input', 'unauthenticated', 'forbidden', 'payload-too-large', 'rate-limited'] as const),
  ...(['idempotency.key-reused', 'idempotency.in-progress', 'unavailable', 'timeout', 'internal'] as const),
]);

function orUndeclared({ name, errors }: RpcContract, error: unknown): unknown {
  if (!(error instanceof DomainError) || withAnyCall.has(error.code) || errors.includes(error.code)) return error;
  return new Error(`${name} ended with ${error.code}, which its contract does not name`, { cause: error });
}

function assertOutput(contract: RpcContract, output: unknown): void {
  const parsed = contract.output.safeParse(output);
  if (!parsed.success)
    throw new Error(`${contract.name} answered what its contract does not allow: ${JSON.stringify(fieldsOf(parsed.error))}`);
}

function contractOf(extras: Partial<Record<keyof RpcExtras, unknown>> | undefined): RpcContract | undefined {
  const contract = extras?.rpc;
  return isRpcContract(contract) ? contract : undefined;
}

function isRpcContract(value: unknown): value is RpcContract {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'rpc';
}
