import { residentArchived, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Controller } from '@nestjs/common';
import { Launcher } from '../message/launcher.js';
import { DeliveryRepository } from './delivery.repository.js';
import { isTried } from './delivery.rules.js';
import { DeliveryWriter } from './delivery-writer.js';

const mostOfOne = 1_000;

/** Who left while a message waited gets it no more than who had left before it began: it may be paused for days. */
@Controller()
export class ArchivedSubscriber {
  constructor(
    private readonly work: UnitOfWork,
    private readonly deliveries: DeliveryRepository,
    private readonly writer: DeliveryWriter,
    private readonly launcher: Launcher,
  ) {}

  @OnEvent(residentArchived, { durable: 'skip-archived' })
  async archived(fact: Fact<typeof residentArchived>): Promise<void> {
    const { id: residentId } = fact.data.resident;
    await this.work.run(fact, async (tx) => {
      const waiting = { orgId: tx.orgId, residentId, state: 'queued' as const, whileActive: true };
      const found = await this.deliveries.find(waiting, { tx, limit: mostOfOne });
      const saved = await this.writer.leave(tx, found);
      const skipped = saved.filter(({ state }) => isTried(state));
      await this.launcher.over(tx, new Map(skipped.map(({ messageId, state }) => [messageId, state])));
    });
  }
}
