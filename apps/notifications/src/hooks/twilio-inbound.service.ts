import { inboundTextChanged } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ConsentLedger } from '../consent/consent-ledger.js';
import { StandingRepository, type StandingDoc } from '../consent/consent.repository.js';
import { readReply } from '../sms/reply.rules.js';
import { ConfirmationTexts } from './confirmation-texts.js';
import { InboundTextRepository, textFacts } from './inbound-text.repository.js';
import { confirmations, consequenceOf } from './twilio-inbound.rules.js';

const Inbound = z.object({
  MessageSid: z.string().regex(/^[A-Z]{2}[0-9a-f]{32}$/),
  From: z.string().regex(/^\+[1-9]\d{4,14}$/),
  To: z.string().max(40),
  Body: z.string().max(2_000).default(''),
});
type Inbound = z.output<typeof Inbound>;

/** Texts that people send. They name a number only: every organization that wrote to it hears of them, once. */
@Injectable()
export class InboundTexts {
  constructor(
    private readonly standings: StandingRepository,
    private readonly texts: InboundTextRepository,
    private readonly ledger: ConsentLedger,
    private readonly confirming: ConfirmationTexts,
    private readonly work: UnitOfWork,
    private readonly log: Logger,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async take(params: Readonly<Record<string, string>>): Promise<boolean> {
    const read = Inbound.safeParse(params);
    if (!read.success) return false;
    const known = await this.standings.ofNumber(read.data.From);
    if (known.length === 0) this.log.info({ sid: read.data.MessageSid }, 'a text came from a number that nobody here wrote to');
    for (const [at, standing] of known.entries())
      // one answer, however many organizations share our number
      await this.work.run(systemCause('notifications', standing.orgId, this.ids), (tx) =>
        this.#note(tx, standing, read.data, at === 0),
      );
    return known.length > 0;
  }

  async #note(tx: Tx, { orgId, personIds, propertyIds }: StandingDoc, inbound: Inbound, mayAnswer: boolean): Promise<void> {
    const { MessageSid: sid, From: from, To: to, Body: body } = inbound;
    if (await this.texts.bySid(orgId, sid, tx)) return;
    const reading = readReply(body);
    const { state, says, confirm } = consequenceOf(reading, body);
    const text = await this.texts.insert(tx, {
      ...{ _id: this.ids.next('txt'), orgId, sid, from, to, body, reading, state, personIds, propertyIds },
      ...{ receivedAt: tx.now, doneBy: null, note: null },
    });
    tx.publish(inboundTextChanged, { text: textFacts(text) }, text);
    if (says === null) return;
    await this.#say(tx, from, says, body);
    if (confirm && mayAnswer) this.confirming.intend(tx, { to: from, body: confirmations[says], key: sid });
  }

  async #say(tx: Tx, address: string, answer: 'granted' | 'refused', wording: string): Promise<void> {
    const said = { personId: null, category: null, answer, how: 'keyword', at: tx.now } as const;
    await this.ledger.write(tx, { channel: 'sms', address }, said, 'service:notifications', wording);
  }
}
