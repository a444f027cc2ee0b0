import {
  DomainError,
  inboundTextChanged,
  type finishInboundText,
  type InboundText,
  type InboundTextId,
  type listInboundTexts,
  type ParsedInputOf,
  type PropertyScope,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { ConsentLedger } from '../consent/consent-ledger.js';
import { StandingRepository } from '../consent/consent.repository.js';
import { ConfirmationTexts } from './confirmation-texts.js';
import { InboundTextRepository, textFacts, toText, type InboundTextDoc } from './inbound-text.repository.js';
import { confirmations } from './twilio-inbound.rules.js';

/** Texts that wait for somebody to read them: free words are a wish too (89 FR 15756). */
@Injectable()
export class InboundTextService {
  constructor(
    private readonly texts: InboundTextRepository,
    private readonly standings: StandingRepository,
    private readonly ledger: ConsentLedger,
    private readonly confirming: ConfirmationTexts,
    private readonly work: UnitOfWork,
  ) {}

  async list(
    { limit, cursor, state, personId, withTotal = false }: ParsedInputOf<typeof listInboundTexts>,
    { orgId, actor }: Call,
  ) {
    const filter = {
      orgId,
      ...(state !== undefined && { state }),
      ...(personId !== undefined && { personIds: personId }),
      ...(actor.properties !== 'all' && { propertyIds: { $in: [...actor.properties] } }),
    };
    const page = await this.texts.page(filter, { sort: { _id: -1 }, limit, cursor, withTotal });
    return { ...page, items: page.items.map(toText) };
  }

  optOut(id: InboundTextId, call: Call): Promise<InboundText> {
    return this.work.run(call, async (tx) => {
      const text = await this.#waiting(tx, id, call.actor.properties);
      const { from, body, sid } = text;
      const known = await this.standings.at(tx.orgId, 'sms', from, tx);
      const said = { personId: null, category: null, answer: 'refused', how: 'reply', at: text.receivedAt } as const;
      await this.ledger.write(tx, { channel: 'sms', address: from }, said, call.actor.ref, body);
      if (!known?.blocked) this.confirming.intend(tx, { to: from, body: confirmations.refused, key: sid });
      return this.#done(tx, text, call, 'Recorded that they do not want texts.');
    });
  }

  finish({ inboundTextId, note }: ParsedInputOf<typeof finishInboundText>, call: Call): Promise<InboundText> {
    return this.work.run(call, async (tx) =>
      this.#done(tx, await this.#waiting(tx, inboundTextId, call.actor.properties), call, note ?? null),
    );
  }

  async #done(tx: Tx, text: InboundTextDoc, { actor }: Call, note: string | null): Promise<InboundText> {
    const saved = await this.texts.save(tx, { ...text, state: 'done', doneBy: actor.ref, note });
    tx.publish(inboundTextChanged, { text: textFacts(saved) }, saved);
    return toText(saved);
  }

  async #waiting(tx: Tx, _id: InboundTextId, scope: PropertyScope): Promise<InboundTextDoc> {
    const text = await this.texts.get({ orgId: tx.orgId, _id }, { tx });
    if (scope !== 'all' && !text.propertyIds.some((id) => scope.includes(id)))
      throw new DomainError('not-found', 'There is no such text in a property that you may see.');
    if (text.state === 'done') throw new DomainError('conflict.state', 'Somebody has dealt with this text already.');
    return text;
  }
}
