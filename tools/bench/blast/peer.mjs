import { Envelope, eventSubject } from '@leasewire/contracts';
import {
  Assertions,
  connectNats,
  NatsEventBus,
  newId,
  RpcClient,
  silentLog,
  systemClock,
  TokenSigner,
  TokenVerifier,
} from '@leasewire/messaging';
import { headers } from '@nats-io/transport-node';

/** A service that the bench plays itself. */
export class Peer {
  constructor(nats, service, assertions) {
    this.nats = nats;
    this.bus = new NatsEventBus({ connection: nats, service, log: silentLog });
    this.rpc = new RpcClient(nats);
    this.assertions = assertions;
  }

  static async connect(service, broker) {
    const { LEASEWIRE_NKEY_SEED: seed, LEASEWIRE_TRUSTED_KEYS: trusted } = broker.envOf(service);
    const nats = await connectNats({ url: broker.url, service, seed }, silentLog, { giveUpAfterMs: 10_000 });
    const verifier = new TokenVerifier(JSON.parse(trusted), systemClock);
    return new Peer(nats, service, new Assertions(service, new TokenSigner(service, seed, systemClock), verifier, systemClock));
  }

  call(actor, contract, input) {
    const assertion = this.assertions.forActor(actor);
    return this.rpc.call(contract, input, { assertion, correlationId: newId('cor'), timeoutMs: 60_000 });
  }

  /** Plays directory: everybody is in every audience. */
  answer(everybody) {
    this.nats.subscribe('rpc.directory.resolve-audience', {
      queue: 'directory',
      callback: (error, message) => {
        if (error) return;
        const { limit = 500, cursor = '0' } = JSON.parse(message.string());
        const items = everybody.slice(Number(cursor), Number(cursor) + limit);
        const next = Number(cursor) + limit;
        const reply = headers();
        reply.set('lw-ok', '1');
        message.respond(JSON.stringify({ items, nextCursor: next < everybody.length ? String(next) : null }), { headers: reply });
      },
    });
  }
}

export function published(contract, { orgId, subject, data }) {
  const envelope = Envelope.parse({
    ...{ specversion: '1.0', id: newId('evt'), source: `/leasewire/${contract.service}`, type: contract.type, subject },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', orgid: orgId, correlationid: newId('cor') },
    ...{ actor: `service:${contract.service}`, entityversion: 1, entityepoch: 1, data },
  });
  return { subject: eventSubject(contract, orgId), envelope };
}
