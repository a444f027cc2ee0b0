/** A service that handles events with a unit of work of its own, as audit does, and says when each was done. */
import { roleChanged } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { bootstrapService } from '@leasewire/service-kit';
import { Controller, Inject, Module } from '@nestjs/common';

class Subscriber {
  constructor(work) {
    this.work = work;
  }
  async handle(fact) {
    await this.work.run(fact, () => Promise.resolve());
    console.log(`handled ${fact.id} ${performance.timeOrigin + performance.now()}`);
  }
}
Inject(UnitOfWork)(Subscriber, undefined, 0);
OnEvent(roleChanged, { durable: 'record' })(
  Subscriber.prototype,
  'handle',
  Object.getOwnPropertyDescriptor(Subscriber.prototype, 'handle'),
);
Controller()(Subscriber);

class HandlerModule {}
Module({ controllers: [Subscriber] })(HandlerModule);

await bootstrapService({ name: 'audit', module: HandlerModule });
console.log('handler is ready');
