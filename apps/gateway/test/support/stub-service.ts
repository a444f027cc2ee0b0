import {
  DomainError,
  serviceNames,
  services,
  eventSubject,
  type EventContract,
  type InputOf,
  type OrgId,
  type OutputOf,
  type RpcContract,
  type ServiceName,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { connectAs, type Deployment, type Peer } from '@leasewire/testing';
import { headers, type Msg } from '@nats-io/transport-node';

export interface StubCall {
  readonly actor: Actor;
  readonly header: (name: string) => string;
}
type Answer = (input: never, call: StubCall) => unknown;

/** A service that a test plays: it answers over the real broker as a real one does, from functions. */
export class StubService {
  readonly #answers = new Map<string, Answer>();
  readonly calls: { readonly method: string; readonly input: unknown; readonly actor: Actor; readonly key: string }[] = [];
  #listening: { unsubscribe(): void } | undefined;

  private constructor(
    readonly name: ServiceName,
    readonly peer: Peer,
  ) {}

  static async start(name: ServiceName, deployment: Deployment): Promise<StubService> {
    const stub = new StubService(name, await connectAs(name, deployment));
    stub.listen();
    await stub.peer.bus.ensureStream(name);
    await stub.peer.nats.flush();
    return stub;
  }

  /** Every service that owns something, but identity: that one has a stub of its own. */
  static all(deployment: Deployment): Promise<StubService[]> {
    const owners = serviceNames.filter((name) => services[name].owns && name !== 'identity');
    return Promise.all(owners.map((name) => StubService.start(name, deployment)));
  }

  listen(): void {
    this.#listening = this.peer.nats.subscribe(`rpc.${this.name}.>`, {
      queue: this.name,
      callback: (error, message) => {
        if (!error) void this.#answer(message);
      },
    });
  }

  /** Nobody listens any more: as if the service were down. */
  leave(): void {
    this.#listening?.unsubscribe();
  }

  handle<C extends RpcContract>(
    contract: C,
    answer: (input: InputOf<C>, call: StubCall) => OutputOf<C> | Promise<OutputOf<C>>,
  ): void {
    this.#answers.set(contract.name, answer);
  }

  async publish<C extends EventContract>(
    contract: C,
    data: unknown,
    orgId: OrgId,
    more: { readonly propertyId?: string; readonly time?: string; readonly subject?: string } = {},
  ): Promise<number> {
    const { seq } = await this.peer.bus.publish({
      subject: eventSubject(contract, orgId),
      envelope: {
        specversion: '1.0',
        id: newId('evt'),
        source: `/leasewire/${this.name}`,
        type: contract.type,
        subject: more.subject ?? 'thing',
        time: more.time ?? new Date().toISOString(),
        datacontenttype: 'application/json',
        orgid: orgId,
        ...(more.propertyId !== undefined && { propertyid: more.propertyId as `prop_${string}` }),
        correlationid: newId('cor'),
        actor: `service:${this.name}`,
        entityversion: 1,
        entityepoch: 1,
        data,
      },
    });
    return seq;
  }

  async #answer(message: Msg): Promise<void> {
    const method = message.subject.slice('rpc.'.length);
    const reply = headers();
    try {
      const actor = this.peer.assertions.verify(message.headers?.get('lw-assertion') ?? '');
      const text = message.string();
      const input: unknown = text === '' ? undefined : JSON.parse(text);
      this.calls.push({ method, input, actor, key: message.headers?.get('lw-idempotency-key') ?? '' });
      const answer = this.#answers.get(method);
      if (!answer) throw new DomainError('not-found', `the stub does not answer ${method}`);
      const output = await answer(input as never, { actor, header: (name) => message.headers?.get(name) ?? '' });
      if (output === silence) return;
      reply.set('lw-ok', '1');
      if (typeof output === 'object' && output !== null && 'version' in output) reply.set('lw-version', String(output.version));
      if (message.headers?.get('lw-idempotency-key') === 'again') reply.set('lw-replayed', '1');
      message.respond(output === undefined ? '' : JSON.stringify(output), { headers: reply });
    } catch (error) {
      const known = error instanceof DomainError ? error : new DomainError('internal', String(error));
      reply.set('lw-ok', '0');
      message.respond(JSON.stringify(known.toBody()), { headers: reply });
    }
  }
}

/** An answer that never comes. */
export const silence = Symbol('silence') as never;
