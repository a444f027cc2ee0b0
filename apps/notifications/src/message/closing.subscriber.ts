import { organizationClosed, type Fact } from '@leasewire/contracts';
import { OnEvent, type Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { MessageRepository } from './message.repository.js';
import { MessageService } from './message.service.js';

const open = ['scheduled', 'waiting', 'preparing', 'sending', 'paused'] as const;
const together = 20;

/** Of a closed organization nobody is left who could answer for what its staff had planned. */
@Controller()
export class ClosingSubscriber {
  constructor(
    private readonly work: UnitOfWork,
    private readonly messages: MessageRepository,
    private readonly service: MessageService,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** Some at a time; broken off, it goes on with the rest. */
  @OnEvent(organizationClosed, { durable: 'cancel-messages' })
  async closed({ id, orgId }: Fact<typeof organizationClosed>): Promise<void> {
    const planned = { orgId, kind: 'composed' as const, state: { $in: [...open] } };
    const cancelSome = () =>
      this.work.run(systemCause('notifications', orgId, this.ids, id), async (tx) => {
        const some = await this.messages.find(planned, { tx, limit: together });
        for (const message of some) await this.service.cancelled(tx, message, 'The organization closed.');
        return some.length;
      });
    while ((await cancelSome()) > 0);
  }
}
