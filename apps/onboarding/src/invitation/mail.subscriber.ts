import {
  consentRecorded,
  deliveryChanged,
  isNewer,
  suppressionAdded,
  suppressionReleased,
  type Fact,
} from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Controller } from '@nestjs/common';
import { NoReminders } from '../activation/no-reminders.js';
import { MailOutcomes } from './mail-outcomes.js';
import { SuppressedRepository } from './suppression.repository.js';

@Controller()
export class MailSubscriber {
  constructor(
    private readonly work: UnitOfWork,
    private readonly outcomes: MailOutcomes,
    private readonly suppressed: SuppressedRepository,
    private readonly noReminders: NoReminders,
  ) {}

  @OnEvent(deliveryChanged, { durable: 'mail-outcomes' })
  async onDelivery(fact: Fact<typeof deliveryChanged>): Promise<void> {
    const { delivery } = fact.data;
    if (delivery.service !== 'onboarding') return;
    await this.work.run(fact, (tx) => this.outcomes.heard(tx, delivery));
  }

  @OnEvent(consentRecorded, { durable: 'consent-recorded' })
  async onConsent(fact: Fact<typeof consentRecorded>): Promise<void> {
    await this.work.run(fact, (tx) => this.noReminders.heard(tx, fact.data.consent));
  }

  @OnEvent(suppressionAdded, { durable: 'suppression-added' })
  async onSuppressed(fact: Fact<typeof suppressionAdded>): Promise<void> {
    await this.#keep(fact);
  }

  @OnEvent(suppressionReleased, { durable: 'suppression-released' })
  async onReleased(fact: Fact<typeof suppressionReleased>): Promise<void> {
    await this.#keep(fact);
  }

  async #keep(fact: Fact<typeof suppressionAdded>): Promise<void> {
    const { id: _id, channel, address: email, state } = fact.data.suppression;
    if (channel !== 'email') return;
    const { orgId } = fact;
    await this.work.run(fact, async (tx) => {
      const before = await this.suppressed.findOne({ orgId, _id }, { tx });
      if (before !== null && isNewer(before.known, fact.version)) return;
      const known = { epoch: fact.version.epoch, version: fact.version.version };
      const facts = { email, active: state === 'active', known };
      await (before === null
        ? this.suppressed.insert(tx, { _id, orgId, ...facts })
        : this.suppressed.save(tx, { ...before, ...facts }));
    });
  }
}
