import type { Fact, PersonId, Resident, personErased } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { Background, CLOCK, CONFIG, IDS, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { NotificationsConfig } from '../config.js';
import { DeliveryEventRepository } from '../delivery/delivery-event.repository.js';
import { DeliveryRepository, type DeliveryDoc } from '../delivery/delivery.repository.js';
import { withoutAddresses } from '../delivery/without-addresses.rules.js';
import { MessageRepository } from '../message/message.repository.js';
import { SuppressionService } from '../suppression/suppression.service.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const together = 100;

/** That somebody was written to stays; what they were told, and where, does not stay for ever. */
@Injectable()
export class ErasureService {
  readonly #others: ((before: Date, most: number) => Promise<number>)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly work: UnitOfWork,
    private readonly messages: MessageRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly events: DeliveryEventRepository,
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
    const { orgId } = fact;
    for (;;) {
      const some = await this.deliveries.find({ orgId, personId, name: { $ne: erasedName } }, { limit: together });
      if (some.length === 0) break;
      await this.work.run(systemCause('notifications', orgId, this.ids, fact.id), async (tx) => {
        await this.#forget(tx, some);
        await this.#forgetAdditional(tx, [...new Set(some.flatMap(({ address }) => address ?? []))]);
      });
    }
    await this.work.run(fact, (tx) => this.suppressions.forget(tx, personId));
  }

  async #forget(tx: Tx, some: readonly DeliveryDoc[]): Promise<void> {
    await this.deliveries.saveMany(
      tx,
      some.map((doc) => ({ ...withoutContent(doc), name: erasedName })),
    );
    await this.#blank(tx, some);
  }

  /** Staff may have written to the same address without knowing whose it is. */
  async #forgetAdditional(tx: Tx, addresses: readonly string[]): Promise<void> {
    const { orgId } = tx;
    const some = await this.deliveries.find({ orgId, address: { $in: [...addresses] }, personId: null }, { tx });
    await this.#forget(tx, some);
    const messages = await this.messages.find({ orgId, 'audience.emails.email': { $in: [...addresses] } }, { tx });
    const isOther = ({ email }: { readonly email: string }): boolean => !addresses.includes(email);
    await this.messages.saveMany(
      tx,
      messages.map((doc) => ({
        ...doc,
        audience: doc.audience && { ...doc.audience, emails: doc.audience.emails?.filter(isOther) },
      })),
    );
  }

  /** What providers said of them: codes stay, words do not. */
  async #blank(tx: Tx, some: readonly DeliveryDoc[]): Promise<void> {
    const { orgId } = tx;
    const told = await this.events.find(
      { orgId, deliveryId: { $in: some.map(({ _id }) => _id) }, detail: { $type: 'string' } },
      { tx },
    );
    await this.events.saveMany(
      tx,
      told.map((doc) => ({ ...doc, what: withoutAddresses(doc.what), detail: null })),
    );
  }

  /** Somebody has another address: what was wrong with the old one does not count any more. */
  async follow(
    fact: Fact,
    { personId, email, phones }: Pick<Resident, 'email' | 'phones'> & { personId: PersonId },
  ): Promise<void> {
    const addresses = [...(email === null ? [] : [email]), ...phones.flatMap(({ e164 }) => e164 ?? [])];
    await this.work.run(fact, (tx) => this.suppressions.follow(tx, personId, addresses));
  }

  /** What else is not kept for ever; each removes some, and returns how many. */
  also(step: (before: Date, most: number) => Promise<number>): void {
    this.#others.push(step);
  }

  /** Content of messages that are over for so long, and what others keep; returns how many. */
  async expire(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - this.config.LEASEWIRE_CONTENT_DAYS * dayMs);
    const counts = [await this.#expireMessages(before)];
    for (const step of this.#others) counts.push(await step(before, together));
    return Math.max(...counts);
  }

  async #expireMessages(before: Date): Promise<number> {
    const old = await this.messages.finishedBefore(before, together);
    for (const message of old) {
      const cause = systemCause('notifications', message.orgId, this.ids);
      for (;;) {
        const some = await this.deliveries.find(
          { orgId: message.orgId, messageId: message._id, address: { $type: 'string' } },
          { limit: together },
        );
        if (some.length === 0) break;
        await this.work.run(cause, async (tx) => {
          await this.deliveries.saveMany(tx, some.map(withoutContent));
          await this.#blank(tx, some);
        });
      }
      await this.work.run(cause, async (tx) => {
        const doc = await this.messages.get(message, { tx });
        const audience = doc.audience && { ...doc.audience, emails: undefined };
        const gone = { texts: null, audience, data: {}, secrets: null, recipients: [], contentGone: true };
        await this.messages.save(tx, { ...doc, ...gone });
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
/** That they were written to stays. Whoever is known by an address alone was also named and told apart by it. */
const withoutContent = (doc: DeliveryDoc): DeliveryDoc => ({
  ...doc,
  ...{ address: null, fields: {}, secrets: null, reason: null },
  name: withoutAddresses(doc.name),
  who: /^(?:mail|tel):/.test(doc.who) ? `gone:${doc._id}` : doc.who,
});
