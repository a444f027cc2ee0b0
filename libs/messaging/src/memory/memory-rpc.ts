import { DomainError, type InputOf, type OutputOf, type ParsedInputOf, type RpcContract } from '@leasewire/contracts';
import type { Actor } from '../actor.js';
import { Call } from '../call.js';
import { newId } from '../ids.js';
import { assertPermitted } from '../permission-check.js';
import type { CallOptions, RawReply, RpcCaller } from '../rpc-client.js';
import { fieldsOf } from '../rpc-exchange.js';
import { decodeError, encodeError, utf8 } from '../wire.js';

type Handler = (input: unknown, call: Call) => Promise<unknown>;

/**
 * For unit tests: the services that the one under test calls, as functions. Inputs are checked as the real server checks
 * them; the caller is who `actor` says, since nobody signs anything here.
 */
export class MemoryRpc implements RpcCaller {
  readonly #handlers = new Map<string, Handler>();
  /** Every call that was made, in order. */
  readonly calls: { readonly method: string; readonly input: unknown; readonly via: CallOptions }[] = [];

  constructor(readonly actor: Actor) {}

  handle<C extends RpcContract>(contract: C, answer: (input: ParsedInputOf<C>, call: Call) => Promise<OutputOf<C>>): void {
    this.#handlers.set(contract.name, (input, call) => {
      const parsed = contract.input.safeParse(input);
      if (!parsed.success)
        throw new DomainError('invalid-input', `The input of ${contract.name} does not fit its schema.`, {
          fields: fieldsOf(parsed.error),
        });
      // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the schema of this very contract has just made it
      return answer(parsed.data as ParsedInputOf<C>, call);
    });
  }

  async call<C extends RpcContract>(contract: C, input: InputOf<C>, via: CallOptions): Promise<OutputOf<C>> {
    const reply = await this.callRaw(contract, input, via);
    if (!reply.ok) throw decodeError(reply.body);
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- `handle` took only what answers with the output of this contract
    return (reply.body.length === 0 ? undefined : JSON.parse(utf8(reply.body))) as OutputOf<C>;
  }

  async callRaw(contract: RpcContract, input: unknown, via: CallOptions): Promise<RawReply> {
    this.calls.push({ method: contract.name, input, via });
    const handler = this.#handlers.get(contract.name);
    if (!handler)
      throw new DomainError(
        'unavailable',
        `${contract.service} cannot be reached at the moment: nothing handles ${contract.name} in this test.`,
      );
    const call = this.#callOf(contract, input, via);
    try {
      assertPermitted(contract, this.actor);
      const wire: unknown = input === undefined ? undefined : JSON.parse(JSON.stringify(input));
      const output = await handler(wire, call);
      return { ok: true, body: Buffer.from(output === undefined ? '' : JSON.stringify(output)), replayed: call.replayed };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { ok: false, body: encodeError(error), replayed: false };
    }
  }

  #callOf(contract: RpcContract, input: unknown, via: CallOptions): Call {
    return new Call({
      method: contract.name,
      actor: this.actor,
      assertion: via.assertion,
      correlationId: via.correlationId,
      traceparent: via.traceparent,
      idempotencyKey: contract.does === 'command' ? (via.idempotencyKey ?? newId('call')) : undefined,
      attended: via.attended,
      rawInput: Buffer.from(input === undefined ? '' : JSON.stringify(input)),
    });
  }
}
