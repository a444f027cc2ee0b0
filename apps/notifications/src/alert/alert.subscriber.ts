import {
  connectionFailing,
  connectionRecovered,
  holdOpened,
  roleChanged,
  roleCreated,
  roleRemoved,
  type Fact,
} from '@leasewire/contracts';
import { OnEvent, OnEvents } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Controller } from '@nestjs/common';
import { AlertService, type Raised } from './alert.service.js';
import { KnownRoles } from './known-roles.js';

@Controller()
export class AlertSubscriber {
  constructor(
    private readonly work: UnitOfWork,
    private readonly alerts: AlertService,
    private readonly roles: KnownRoles,
  ) {}

  @OnEvent(holdOpened, { durable: 'alert-of-hold' })
  hold(fact: Fact<typeof holdOpened>): Promise<void> {
    const { id, propertyId, count, state } = fact.data.hold;
    if (state !== 'open') return Promise.resolve();
    return this.#raise(fact, {
      ...{ kind: 'hold-waiting', key: id, propertyId, place: `/holds/${id}` },
      data: { 'hold.removals': String(count) },
    });
  }

  @OnEvent(connectionFailing, { durable: 'alert-of-failing' })
  failing(fact: Fact<typeof connectionFailing>): Promise<void> {
    const { id, name, health } = fact.data.connection;
    return this.#raise(fact, {
      ...{ kind: 'connection-failing', key: `${id}:${fact.version.version}`, propertyId: null, place: `/connections/${id}` },
      data: { 'connection.name': name, ...(health.lastError && { 'connection.problem': health.lastError.message }) },
    });
  }

  @OnEvent(connectionRecovered, { durable: 'alert-of-recovered' })
  recovered(fact: Fact<typeof connectionRecovered>): Promise<void> {
    const { id, name } = fact.data.connection;
    return this.#raise(fact, {
      ...{ kind: 'connection-recovered', key: `${id}:${fact.version.version}`, propertyId: null, place: `/connections/${id}` },
      data: { 'connection.name': name },
    });
  }

  @OnEvents([roleCreated, roleChanged, roleRemoved], { durable: 'know-role' })
  role(fact: Fact<typeof roleCreated>): Promise<void> {
    return this.roles.note(fact, fact.data.role, fact.type === roleRemoved.type);
  }

  #raise(fact: Fact, raised: Raised): Promise<void> {
    return this.work.run(fact, async (tx) => {
      await this.alerts.raise(tx, raised);
    });
  }
}
