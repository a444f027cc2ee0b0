import type { InputOf, OrgId, OutputOf, RpcContract, ServiceName } from '@leasewire/contracts';
import {
  Assertions,
  connectNats,
  NatsEventBus,
  newId,
  RpcClient,
  silentLog,
  TokenSigner,
  TokenVerifier,
  type Actor,
  type CallOptions,
} from '@leasewire/messaging';
import { onCleanUp } from './cleanup.js';
import { staffActor } from './factories.js';
import { suiteDeployment, type Deployment } from './suite.js';

type NatsConnection = Awaited<ReturnType<typeof connectNats>>;

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
  const { nats: server, clock, environmentOf } = deployment ?? (await suiteDeployment());
  const seed = environmentOf(service)['LEASEWIRE_NKEY_SEED'] ?? '';
  const nats = await connectNats({ url: server.url, service, seed }, silentLog, { giveUpAfterMs: 10_000 });
  onCleanUp(() => nats.close());
  const trusted = Object.fromEntries(Object.entries(server.keys).map(([name, { publicKey }]) => [name, publicKey]));
  const assertions = new Assertions(service, new TokenSigner(service, seed, clock), new TokenVerifier(trusted, clock), clock);
  const rpc = new RpcClient(nats);
  return {
    nats,
    rpc,
    assertions,
    bus: new NatsEventBus({ connection: nats, service, log: silentLog }),
    call: (actor, contract, input, more = {}) =>
      rpc.call(contract, input, { assertion: assertions.forActor(actor), correlationId: newId('cor'), ...more }),
  };
}

/** The owner of an organization, who may do everything in it. */
export const ownerOf = (orgId: OrgId): Actor => staffActor({ orgId });
