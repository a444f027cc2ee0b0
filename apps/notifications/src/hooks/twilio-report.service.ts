import type { Ids } from '@leasewire/messaging';
import { dueAt, systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ConsentLedger } from '../consent/consent-ledger.js';
import { DeliveryEventLog } from '../delivery/delivery-event-log.js';
import { DeliveryRepository, placesOf, type DeliveryDoc } from '../delivery/delivery.repository.js';
import { DeliveryWriter } from '../delivery/delivery-writer.js';
import { MessageRepository } from '../message/message.repository.js';
import { AccountHold } from '../sms/account-hold.js';
import { meaningOf, type StatusMeaning } from '../sms/twilio-status.rules.js';
import { SuppressionService } from '../suppression/suppression.service.js';
import { FilteredTexts } from './filtered-texts.js';

const Report = z.object({
  MessageSid: z.string().regex(/^[A-Z]{2}[0-9a-f]{32}$/),
  MessageStatus: z.string().max(40),
  ErrorCode: z.coerce.number().int().optional(),
});

/** What became of texts, as Twilio tells it: late, twice and in any order. Every word is kept; rows go only forward. */
@Injectable()
export class SmsReports {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly messages: MessageRepository,
    private readonly writer: DeliveryWriter,
    private readonly events: DeliveryEventLog,
    private readonly suppressions: SuppressionService,
    private readonly ledger: ConsentLedger,
    private readonly hold: AccountHold,
    private readonly filtered: FilteredTexts,
    private readonly work: UnitOfWork,
    private readonly log: Logger,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** False: it is about nothing that we know, and Twilio need not tell it again. */
  async take(token: string, params: Readonly<Record<string, string>>): Promise<boolean> {
    const read = Report.safeParse(params);
    const found = await this.deliveries.byToken(token);
    if (found?.channel !== 'sms' || !read.success) {
      this.log.warn({ status: params['MessageStatus'] ?? null }, 'Twilio told of a text that is not known here');
      return false;
    }
    const { MessageSid: sid, MessageStatus: status, ErrorCode: code = null } = read.data;
    const meaning = meaningOf(status, code);
    await this.work.run(systemCause('notifications', found.orgId, this.ids), async (tx) => {
      const doc = await this.deliveries.get(found, { tx });
      const told = {
        what: `Twilio: ${status}`,
        state: meaning?.state ?? null,
        code: code === null ? null : String(code),
        detail: JSON.stringify(params),
        once: `${sid} ${status} ${String(code)}`,
      };
      if (!(await this.events.add(tx, doc._id, told)) || meaning === null) return;
      if (meaning.is === 'account' && code !== null) await this.hold.begin(tx, code, meaning.reason ?? '');
      // another text for the same delivery, after somebody decided to send it again: the row is about the newest
      if (doc.providerReference !== null && doc.providerReference !== sid) return;
      await this.#moveOn(tx, doc, sid, meaning);
    });
    if (meaning?.is === 'opted-out' && found.address !== null)
      await this.ledger.stoppedAtProvider(found.orgId, found.address, meaning.reason ?? '');
    return true;
  }

  async #moveOn(tx: Tx, doc: DeliveryDoc, sid: string, meaning: StatusMeaning): Promise<void> {
    const { state, reason, nextStep, is } = meaning;
    if (doc.state === 'unknown') await this.writer.close(tx, doc, 'done', `Twilio told of it: ${sid}`);
    await this.writer.change(tx, [
      [
        doc,
        {
          ...{ state, reason, nextStep, providerReference: sid },
          sentAt: doc.sentAt ?? tx.now,
          ...(state === 'delivered' && { deliveredAt: tx.now }),
        },
      ],
    ]);
    const { channel, address, personId, orgId, messageId } = doc;
    if (is === 'number' && address !== null)
      await this.suppressions.suppress(tx, {
        ...{ channel, address, reason: 'unreachable-number', detail: reason, personId },
        propertyIds: placesOf(doc),
      });
    if (is === 'filtered') await this.filtered.pause(tx, doc);
    // the counts of a message that is over follow too
    const message = await this.messages.findOne({ orgId, _id: messageId }, { tx });
    if (message?.state === 'done') await this.messages.touch(message, { due: dueAt(new Date(0)) });
  }
}
