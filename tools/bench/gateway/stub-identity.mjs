/** Stands where identity stands, on the real kit: the calls are verified, checked, validated and answered with the stub. */
import { heartbeatSubject, inviteStaff, listStaff, resolveSession } from '@leasewire/contracts';
import { Rpc, TokenSigner } from '@leasewire/messaging';
import { bootstrapService, EVENT_BUS, NATS } from '@leasewire/service-kit';
import { Controller, Module } from '@nestjs/common';
import { oneKilobyte, orgId, page, principal } from './payloads.mjs';

class Stub {
  list() {
    return Promise.resolve(page);
  }
  invite() {
    return Promise.resolve(oneKilobyte);
  }
  resolve() {
    return Promise.resolve(principal);
  }
}
for (const [method, contract] of Object.entries({ list: listStaff, invite: inviteStaff, resolve: resolveSession }))
  Rpc(contract)(Stub.prototype, method, Object.getOwnPropertyDescriptor(Stub.prototype, method));
Controller()(Stub);

class StubModule {}
Module({ controllers: [Stub] })(StubModule);

const service = await bootstrapService({ name: 'identity', module: StubModule, database: false });
await service.get(EVENT_BUS).ensureStream('identity');
const nats = service.get(NATS);
const beat = () =>
  nats.publish(heartbeatSubject, JSON.stringify({ at: new Date().toISOString(), lastSeq: 0, oldestUnpublishedMs: 0 }));
beat();
setInterval(beat, 500).unref();

const token = service
  .get(TokenSigner)
  .sign('access', { sub: principal.ref.slice('staff:'.length), org: orgId, sid: principal.sessionId }, 600);
console.log(`token ${token}`);
console.log('stub is ready');
