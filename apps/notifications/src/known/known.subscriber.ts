import {
  organizationChanged,
  organizationCreated,
  propertyAdded,
  propertyArchived,
  propertyChanged,
  propertyServiceStarted,
  staffAccessChanged,
  staffArchived,
  staffChanged,
  staffInvited,
  staffJoined,
  staffRestored,
  type Fact,
} from '@leasewire/contracts';
import { OnEvents } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { KnownService } from './known.service.js';
import { PlanService } from '../message/plan.service.js';

@Controller()
export class KnownSubscriber {
  constructor(
    private readonly known: KnownService,
    private readonly plans: PlanService,
  ) {}

  @OnEvents([propertyAdded, propertyChanged, propertyServiceStarted, propertyArchived], { durable: 'know-property' })
  async property(fact: Fact<typeof propertyAdded>): Promise<void> {
    await this.known.property(fact, fact.data.property, (tx, before, after) => this.plans.follow(tx, before, after));
  }

  @OnEvents([staffInvited, staffJoined, staffChanged, staffAccessChanged, staffArchived, staffRestored], {
    durable: 'know-staff',
  })
  async staff(fact: Fact<typeof staffInvited>): Promise<void> {
    await this.known.member(fact, fact.data.staff);
  }

  @OnEvents([organizationCreated, organizationChanged], { durable: 'know-organization' })
  async organization(fact: Fact<typeof organizationCreated>): Promise<void> {
    await this.known.organization(fact, fact.data.organization);
  }
}
