import { createHash } from 'node:crypto';
import type { Ids } from '@leasewire/messaging';
import { dueAt, systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { isDead, isPassing, stepFor } from '../email/smtp-outcome.rules.js';
import { DeliveryEventLog } from '../delivery/delivery-event-log.js';
import { DeliveryRepository, placesOf, type DeliveryDoc } from '../delivery/delivery.repository.js';
import { DeliveryWriter } from '../delivery/delivery-writer.js';
import { MessageRepository } from '../message/message.repository.js';
import { SuppressionService } from '../suppression/suppression.service.js';
import { readReturn, type Return } from './return.rules.js';
import { SoftBounces } from './soft-bounces.js';

type Report = Extract<Return, { readonly kind: 'report' }>;

/** What came back to the return path of a delivery moves it on, also one whose outcome nobody knew. */
@Injectable()
export class ReturnService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly deliveries: DeliveryRepository,
    private readonly messages: MessageRepository,
    private readonly writer: DeliveryWriter,
    private readonly events: DeliveryEventLog,
    private readonly suppressions: SuppressionService,
    private readonly softBounces: SoftBounces,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  isKnown(token: string): Promise<boolean> {
    return this.deliveries.byToken(token).then((doc) => doc !== null);
  }

  async take(token: string, raw: Buffer): Promise<void> {
    const found = await this.deliveries.byToken(token);
    if (!found) return;
    await this.note(found, readReturn(raw.toString('utf8')), createHash('sha256').update(raw).digest('base64url'));
  }

  /** `once` is equal for what is told twice; then it changes nothing. */
  async note(found: DeliveryDoc, came: Return, once: string): Promise<void> {
    await this.work.run(systemCause('notifications', found.orgId, this.ids), async (tx) => {
      const doc = await this.deliveries.get(found, { tx });
      const told = toldOf(came);
      if (!(await this.events.add(tx, doc._id, { ...told, once }))) return;
      if (came.kind === 'report') await this.#report(tx, doc, came);
      if (came.kind === 'complaint' && came.feedback !== 'not-spam') await this.#suppress(tx, doc, 'complaint', told.what);
      await this.#recount(doc);
    });
  }

  async #report(tx: Tx, doc: DeliveryDoc, { action, code, diagnostic }: Report): Promise<void> {
    if (doc.state === 'unknown' && action !== 'relayed' && action !== 'expanded')
      await this.writer.close(tx, doc, action === 'failed' ? 'failed' : 'done', `A mail server reported: ${action}`);
    switch (action) {
      case 'delivered':
        await this.writer.change(tx, [[doc, { state: 'delivered', deliveredAt: tx.now, reason: null, nextStep: null }]]);
        return;
      case 'delayed':
        await this.writer.change(tx, [
          [doc, { state: 'delayed', reason: `Their mail server does not take it yet: ${diagnostic}`, nextStep: null }],
        ]);
        return;
      case 'failed': {
        const reason = isDead(code) ? `The address does not exist: ${diagnostic}` : `It came back: ${diagnostic}`;
        await this.writer.change(tx, [[doc, { state: 'bounced', reason, nextStep: stepFor(code) }]]);
        if (isDead(code)) await this.#suppress(tx, doc, 'hard-bounce', diagnostic);
        else if (isPassing(code)) await this.softBounces.count(tx, doc, diagnostic);
        return;
      }
      case 'relayed':
      case 'expanded':
        return;
    }
  }

  async #suppress(tx: Tx, doc: DeliveryDoc, reason: 'hard-bounce' | 'complaint', detail: string) {
    const { channel, address, personId } = doc;
    const whose = { personId, propertyIds: placesOf(doc) };
    if (address !== null) await this.suppressions.suppress(tx, { channel, address, reason, detail, ...whose });
  }

  /** The counts of a message that is over follow too. */
  async #recount({ orgId, messageId }: DeliveryDoc): Promise<void> {
    const message = await this.messages.findOne({ orgId, _id: messageId });
    if (message?.state === 'done') await this.messages.touch(message, { due: dueAt(new Date(0)) });
  }
}

function toldOf(came: Return): { what: string; state: null; code: string | null; detail: string | null } {
  switch (came.kind) {
    case 'report':
      return { what: `A mail server reported: ${came.action}`, state: null, code: came.code, detail: came.diagnostic };
    case 'complaint':
      return { what: 'They reported it as spam', state: null, code: came.feedback, detail: null };
    case 'auto-reply':
      return { what: 'An automatic answer came', state: null, code: null, detail: null };
    case 'other':
      return { what: 'Something came back that is no report', state: null, code: null, detail: null };
  }
}
