import {
  organizationClosed,
  organizationKept,
  personErased,
  propertyAdded,
  propertyArchived,
  propertyChanged,
  propertyServiceStarted,
  residentAccessChanged,
  residentAccountClosed,
  residentArchived,
  residentDetailsChanged,
  residentImported,
  residentRegistered,
  residentRestored,
  type Fact,
} from '@leasewire/contracts';
import { OnEvent, OnEvents } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Controller } from '@nestjs/common';
import { Communities } from '../community/communities.js';
import { AccountClosing } from './account-closing.js';
import { AccountFeed } from './account-feed.js';
import { Erasure } from './erasure.js';

type AboutResident = Fact<typeof residentRegistered>;
type AboutProperty = Fact<typeof propertyChanged>;

@Controller()
export class AccountSubscriber {
  constructor(
    private readonly feed: AccountFeed,
    private readonly communities: Communities,
    private readonly erasure: Erasure,
    private readonly closing: AccountClosing,
    private readonly work: UnitOfWork,
  ) {}

  @OnEvent(residentRegistered, { durable: 'resident-registered' })
  async onRegistered(fact: AboutResident): Promise<void> {
    await this.#hear(fact);
  }

  @OnEvent(residentImported, { durable: 'resident-imported' })
  async onImported(fact: AboutResident): Promise<void> {
    await this.#hear(fact, true);
  }

  @OnEvent(residentDetailsChanged, { durable: 'resident-details' })
  async onDetails(fact: AboutResident): Promise<void> {
    await this.#hear(fact);
  }

  @OnEvent(residentAccessChanged, { durable: 'resident-access' })
  async onAccess(fact: AboutResident): Promise<void> {
    await this.#hear(fact);
  }

  @OnEvent(residentArchived, { durable: 'resident-archived' })
  async onArchived(fact: AboutResident): Promise<void> {
    await this.#hear(fact);
  }

  @OnEvent(residentRestored, { durable: 'resident-restored' })
  async onRestored(fact: AboutResident): Promise<void> {
    await this.#hear(fact);
  }

  @OnEvent(propertyAdded, { durable: 'property-added' })
  async onPropertyAdded(fact: AboutProperty): Promise<void> {
    await this.#keep(fact);
  }

  @OnEvent(propertyChanged, { durable: 'property-changed' })
  async onPropertyChanged(fact: AboutProperty): Promise<void> {
    await this.#keep(fact);
  }

  @OnEvent(propertyServiceStarted, { durable: 'property-started' })
  async onServiceStarted(fact: AboutProperty): Promise<void> {
    await this.#keep(fact);
  }

  @OnEvent(propertyArchived, { durable: 'property-archived' })
  async onPropertyArchived(fact: AboutProperty): Promise<void> {
    await this.#keep(fact);
  }

  @OnEvent(personErased, { durable: 'forget-person' })
  async onErased(fact: Fact<typeof personErased>): Promise<void> {
    await this.erasure.forget(fact);
  }

  @OnEvent(residentAccountClosed, { durable: 'account-closed' })
  async onAccountClosed(fact: Fact<typeof residentAccountClosed>): Promise<void> {
    await this.work.run(fact, (tx) => this.closing.closed(tx, fact.data.account.personId));
  }

  /** Kept: opened again, too. */
  @OnEvents([organizationClosed, organizationKept], { durable: 'organization-closed' })
  async onClosed(fact: Fact<typeof organizationClosed>): Promise<void> {
    const closed = fact.type === organizationClosed.type;
    await this.work.run(fact, (tx) => this.communities.close(tx, closed, fact.version));
  }

  async #hear(fact: AboutResident, imported = false): Promise<void> {
    await this.feed.hear(fact, fact.orgId, { resident: fact.data.resident, version: fact.version, imported });
  }

  async #keep(fact: AboutProperty): Promise<void> {
    await this.communities.hear(fact);
  }
}
