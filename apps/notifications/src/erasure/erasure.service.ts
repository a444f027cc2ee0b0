import type { Fact, PersonId, Resident, personErased } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { Background, CLOCK, CONFIG, IDS, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { NotificationsConfig } from '../config.js';
import { DeliveryRepository, type DeliveryDoc } from '../delivery/delivery.repository.js';
import { MessageRepository } from '../message/message.repository.js';
import { SuppressionService } from '../suppression/suppression.service.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const together = 100;

/** That somebody was written to stays; what they were told, and where, does not stay for ever. */
@Injectable()
export class ErasureService {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly work: UnitOfWork,
    private readonly messages: MessageRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly suppressions: SuppressionService,
    private readonly log: Logger,
    @Inject(CONFIG) private readonly config: NotificationsConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    background.add('content-retention', {
      start: () => {
        this.#timer ??= setInterval(() => void this.#tick(), hourMs).unref();
      },
      stop: () => {
        clearInterval(this.#timer);
      },
    });
  }

  async erase(fact: Fact<typeof personErased>): Promise<void> {
    const { personId } = fact.data;
    for (;;) {
      const some = await this.deliveries.find({ orgId: fact.orgId, personId, name: { $ne: erasedName } }, { limit: together });
      if (some.length === 0) break;
      const cause = systemCause('notifications', fact.orgId, this.ids, fact.id);
      await this.work.run(cause, (tx) => this.deliveries.saveMany(tx, some.map(forgotten)));
    }
    await this.work.run(fact, (tx) => this.suppressions.forget(tx, personId));
  }

  /** Somebody has another address: what was wrong with the old one does not count any more. */
  async follow(
    fact: Fact,
    { personId, email, phones }: Pick<Resident, 'email' | 'phones'> & { personId: PersonId },
  ): Promise<void> {
    const addresses = [...(email === null ? [] : [email]), ...phones.flatMap(({ e164 }) => e164 ?? [])];
    await this.work.run(fact, (tx) => this.suppressions.follow(tx, personId, addresses));
  }

  /** Content of messages that are over for so long; returns how many. */
  async expire(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - this.config.LEASEWIRE_CONTENT_DAYS * dayMs);
    const old = await this.messages.finishedBefore(before, together);
    for (const message of old) {
      const cause = systemCause('notifications', message.orgId, this.ids);
      for (;;) {
        const some = await this.deliveries.find(
          { orgId: message.orgId, messageId: message._id, address: { $type: 'string' } },
          { limit: together },
        );
        if (some.length === 0) break;
        await this.work.run(cause, (tx) =>
          this.deliveries.saveMany(
            tx,
            some.map((doc) => ({ ...doc, address: null, fields: {}, secrets: null })),
          ),
        );
      }
      await this.work.run(cause, async (tx) => {
        const doc = await this.messages.get(message, { tx });
        await this.messages.save(tx, { ...doc, texts: null, data: {}, secrets: null, recipients: [], contentGone: true });
      });
    }
    return old.length;
  }

  async #tick(): Promise<void> {
    try {
      while ((await this.expire()) === together);
    } catch (error) {
      this.log.warn({ err: error }, 'old content could not be removed; trying again in an hour');
    }
  }
}

const erasedName = '(erased)';
const forgotten = (doc: DeliveryDoc): DeliveryDoc => ({ ...doc, name: erasedName, address: null, fields: {}, secrets: null });
