import type { InputOf, OrgId, OutputOf, RpcContract, ServiceName } from '@leasewire/contracts';
import type { Actor, Assertions, CallOptions, Log, NatsEventBus, RpcClient } from '@leasewire/messaging';
import { onCleanUp } from './cleanup.js';
import { staffActor } from './factories.js';
import { suiteDeployment, type Deployment } from './suite.js';

type NatsConnection = Awaited<ReturnType<(typeof import('@leasewire/messaging'))['connectNats']>>;
const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A service that a test plays itself: the gateway that calls, the subscriber that listens. */
export interface Peer {
  readonly nats: NatsConnection;
  readonly rpc: RpcClient;
  readonly bus: NatsEventBus;
  readonly assertions: Assertions;
  /** As someone, with everything a real caller would send. */
  call<C extends RpcContract>(actor: Actor, contract: C, input: InputOf<C>, more?: Partial<CallOptions>): Promise<OutputOf<C>>;
}

export async function connectAs(service: ServiceName = 'gateway', deployment?: Deployment): Promise<Peer> {
  const {
    Assertions: Asserting,
    connectNats,
    NatsEventBus: Bus,
    newId,
    RpcClient: Client,
    systemClock,
    TokenSigner,
    TokenVerifier,
  } = await import('@leasewire/messaging');
  const { nats: server, environmentOf } = deployment ?? (await suiteDeployment());
  const seed = environmentOf(service)['LEASEWIRE_NKEY_SEED'] ?? '';
  const nats = await connectNats({ url: server.url, service, seed }, silent, { giveUpAfterMs: 10_000 });
  onCleanUp(() => nats.close());
  const trusted = Object.fromEntries(Object.entries(server.keys).map(([name, { publicKey }]) => [name, publicKey]));
  const assertions = new Asserting(service, new TokenSigner(service, seed, systemClock), new TokenVerifier(trusted, systemClock));
  const rpc = new Client(nats);
  return {
    nats,
    rpc,
    assertions,
    bus: new Bus({ connection: nats, service, log: silent }),
    call: (actor, contract, input, more = {}) =>
      rpc.call(contract, input, { assertion: assertions.forActor(actor), correlationId: newId('cor'), ...more }),
  };
}

/** The owner of an organization, who may do everything in it. */
export const ownerOf = (orgId: OrgId): Actor => staffActor({ orgId });
