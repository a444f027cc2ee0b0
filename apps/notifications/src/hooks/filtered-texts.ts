import { messagePaused } from '@leasewire/contracts';
import { Effects, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import type { DeliveryDoc } from '../delivery/delivery.repository.js';
import { messageFacts } from '../message/message.view.js';
import { MessageRepository } from '../message/message.repository.js';
import { aggregate } from '../message/message.service.js';

const why =
  'A carrier took the texts for spam. Read the text as a stranger would, then let it go on, or cancel it and write it anew.';

/**
 * A carrier that takes one text for spam takes the next for it too, and holds it against the number they come from: what has not gone
 * out of the message waits. Once: whoever lets it go on has read the text.
 */
@Injectable()
export class FilteredTexts {
  constructor(
    private readonly messages: MessageRepository,
    private readonly effects: Effects,
  ) {}

  async pause(tx: Tx, { orgId, messageId }: DeliveryDoc): Promise<void> {
    const message = await this.messages.get({ orgId, _id: messageId }, { tx });
    if (message.state !== 'sending' || message.reason === why) return;
    await this.effects.hold(tx, messageId);
    const saved = await this.messages.save(tx, { ...message, state: 'paused', reason: why });
    tx.publish(messagePaused, { message: messageFacts(saved) }, aggregate(saved));
  }
}
