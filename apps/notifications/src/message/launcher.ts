import { messageFinished, messageStarted, messageWaiting, type DeliveryState, type MessageId } from '@leasewire/contracts';
import type { Clock, Ids } from '@leasewire/messaging';
import { dueAt, systemCause, UnitOfWork, type DueClaimer, type New, type Tx } from '@leasewire/persistence';
import { Background, CLOCK, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AudienceService } from '../audience/audience.service.js';
import { audienceDigest, reachOf, type Decided } from '../audience/verdict.rules.js';
import { DeliveryRepository } from '../delivery/delivery.repository.js';
import { DeliveryWriter } from '../delivery/delivery-writer.js';
import { Texts, type Writing } from '../text/texts.js';
import { DraftService } from './draft.service.js';
import { MessageRepository, noCounts, type MessageDoc } from './message.repository.js';
import { goesFirst, isOneDelivery, lookAgainMs } from './message.rules.js';
import { messageFacts } from './message.view.js';

/**
 * What happens to a message at its times: it starts, its deliveries are written, its counts follow, it is over. Each step is claimed
 * by one replica and may be repeated by another: what is written already is not written again.
 */
@Injectable()
export class Launcher {
  readonly #claimer: DueClaimer<MessageDoc>;

  constructor(
    private readonly work: UnitOfWork,
    private readonly messages: MessageRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly writer: DeliveryWriter,
    private readonly drafts: DraftService,
    private readonly audiences: AudienceService,
    private readonly texts: Texts,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    background: Background,
  ) {
    this.#claimer = background.claimer<MessageDoc>('messages', {
      repository: messages,
      handleAlone: (doc) => this.#step(doc),
      onGiveUp: (doc, error) =>
        this.#wait(doc, `It could not be started: ${error instanceof Error ? error.message : String(error)}`),
      concurrency: 4,
    });
  }

  wakeAfter(tx: Tx): void {
    tx.afterCommit(() => {
      this.#claimer.wake();
    });
  }

  /** One that is made in this very transaction, with its deliveries: nobody need look for it. */
  async begin(tx: Tx, doc: New<MessageDoc>, decided: readonly Decided[]): Promise<MessageDoc> {
    await this.writer.begin(tx, doc, decided, goesFirst(doc, decided.length));
    return this.messages.insert(tx, { ...doc, ...underWay(doc, decided, tx.now) });
  }

  /** Deliveries have been tried, and became this: where one is all of its message, that is over with it. */
  async over(tx: Tx, tried: ReadonlyMap<MessageId, DeliveryState>): Promise<void> {
    if (tried.size === 0) return;
    const ofOne = { _id: { $in: [...tried.keys()] }, state: 'sending' as const, 'reach.people': 1 };
    const docs = await this.messages.find({ orgId: tx.orgId, ...ofOne }, { tx });
    const saved = await this.messages.saveMany(
      tx,
      docs.filter(isOneDelivery).map(({ due: _due, ...doc }) => ({
        ...doc,
        state: 'done',
        counts: { ...noCounts, [tried.get(doc._id) ?? 'sent']: 1 },
        finishedAt: tx.now,
      })),
    );
    for (const doc of saved) tx.publish(messageFinished, { message: messageFacts(doc) }, of(doc));
  }

  /** Something of it is sent again: it is not over any more. */
  async reopen(tx: Tx, doc: MessageDoc): Promise<void> {
    if (doc.state === 'done') await this.messages.save(tx, { ...doc, state: 'sending', finishedAt: null, due: dueAt(tx.now) });
    this.wakeAfter(tx);
  }

  async #step(doc: MessageDoc): Promise<void> {
    switch (doc.state) {
      case 'scheduled':
      case 'preparing':
        return this.#launch(doc);
      case 'sending':
        return this.#follow(doc);
      case 'cancelled':
        return this.#sweep(doc);
      case 'done':
        await this.messages.touch(doc, { counts: await this.deliveries.counts(doc.orgId, doc._id) });
        return;
      case 'waiting':
      case 'paused':
        return;
    }
  }

  async #launch(found: MessageDoc): Promise<void> {
    const cause = systemCause('notifications', found.orgId, this.ids);
    const decided =
      found.kind === 'composed'
        ? await this.drafts.again(found, cause.correlationId)
        : await this.#named(found, cause.correlationId);
    if (found.state === 'scheduled' && found.ifAudienceChanges === 'ask' && audienceDigest(decided) !== found.digest) {
      const { people, reached } = reachOf(decided);
      return this.#wait(
        found,
        `Who receives it is not who was confirmed: it is now ${reached} of ${people} people. Confirm it again, or cancel it.`,
      );
    }
    const begun = await this.#begin(found);
    if (!begun) return;
    const first = goesFirst(found, decided.length);
    const last = Math.max(0, Math.ceil(decided.length / writtenTogether) - 1) * writtenTogether;
    for (let from = 0; from < last; from += writtenTogether)
      if (!(await this.#write(begun, decided.slice(from, from + writtenTogether), first))) return;
    await this.work.run(cause, async (tx) => {
      const doc = await this.messages.get(found, { tx });
      if (doc.state !== 'preparing') return;
      await this.writer.write(tx, doc, decided.slice(last), first);
      await this.messages.save(tx, { ...doc, ...underWay(doc, decided, tx.now) });
    });
  }

  async #named(doc: MessageDoc, correlationId: string): Promise<Decided[]> {
    const { orgId, propertyId, template, templateVersion: version } = doc;
    const writing = template === null ? null : await this.texts.template({ orgId, propertyId, version, name: template });
    if (!writing) throw new Error(`There is no template “${template ?? ''}”`);
    return this.decide(doc, writing, correlationId);
  }

  /** Who of those whom a service named receives it. */
  decide(doc: New<MessageDoc>, writing: Writing, correlationId: string): Promise<Decided[]> {
    const { orgId, propertyId, category, channels, language } = doc;
    const asked = {
      ...{ orgId, propertyId, category, channels, writing, correlationId },
      language: language ?? 'en',
      shared: doc.data,
      // those that were written before names were kept have all of them for everybody
      secretFields: doc.sharedSecrets ?? doc.secretFields,
    };
    return this.audiences.ofRecipients(asked, doc.recipients);
  }

  /** Null: somebody cancelled, edited or paused it meanwhile. */
  async #begin(found: MessageDoc): Promise<MessageDoc | null> {
    if (found.state === 'preparing') return found; // whoever writes asks again
    return this.work.run(systemCause('notifications', found.orgId, this.ids), async (tx) => {
      const doc = await this.messages.get(found, { tx });
      if (doc.state === 'preparing') return doc;
      if (doc.state !== 'scheduled' || doc.startsAt > tx.now) return null;
      const saved = await this.messages.save(tx, { ...doc, state: 'preparing', startedAt: tx.now });
      tx.publish(messageStarted, { message: messageFacts(saved) }, of(saved));
      return saved;
    });
  }

  /** False when it was cancelled meanwhile. */
  async #write(message: MessageDoc, some: readonly Decided[], first: boolean): Promise<boolean> {
    return this.work.run(systemCause('notifications', message.orgId, this.ids), async (tx) => {
      const { state } = await this.messages.get(message, { tx });
      if (state !== 'preparing') return false;
      await this.writer.write(tx, message, some, first);
      return true;
    });
  }

  async #follow(found: MessageDoc): Promise<void> {
    const counts = await this.deliveries.counts(found.orgId, found._id);
    const left = counts.queued + counts.sending;
    if (left > 0) {
      const moved = JSON.stringify(counts) !== JSON.stringify(found.counts);
      const lookAgain = isOneDelivery(found) ? lookAgainMs.alone : moved ? lookAgainMs.moving : lookAgainMs.still;
      await this.messages.touch(found, { counts, due: dueAt(new Date(this.clock.now().getTime() + lookAgain)) });
      return;
    }
    await this.work.run(systemCause('notifications', found.orgId, this.ids), async (tx) => {
      const { due: _due, ...doc } = await this.messages.get(found, { tx });
      if (doc.state !== 'sending') return;
      const saved = await this.messages.save(tx, {
        ...doc,
        state: 'done',
        counts,
        finishedAt: tx.now,
        // a report that came between the count and this saw a message that was not over, and nobody would count it
        due: dueAt(new Date(tx.now.getTime() + lookAgainMs.moving)),
      });
      tx.publish(messageFinished, { message: messageFacts(saved) }, of(saved));
    });
  }

  /** What was withdrawn says so; what was in the middle is waited for. */
  async #sweep(found: MessageDoc): Promise<void> {
    for (;;) {
      const queued = await this.deliveries.find({ orgId: found.orgId, messageId: found._id, state: 'queued' }, { limit: 100 });
      if (queued.length === 0) break;
      const cause = systemCause('notifications', found.orgId, this.ids);
      const settled = await this.work.run(cause, (tx) => this.writer.cancel(tx, queued, found.reason));
      if (settled === 0) {
        const at = new Date(this.clock.now().getTime() + lookAgainMs.moving);
        await this.messages.touch(found, { due: dueAt(at) });
        return;
      }
    }
    await this.messages.touch(found, { counts: await this.deliveries.counts(found.orgId, found._id) });
  }

  async #wait(found: MessageDoc, reason: string): Promise<void> {
    await this.work.run(systemCause('notifications', found.orgId, this.ids), async (tx) => {
      const { due: _due, ...doc } = await this.messages.get(found, { tx });
      if (doc.state !== 'scheduled' && doc.state !== 'preparing') return;
      const saved = await this.messages.save(tx, { ...doc, state: 'waiting', reason: reason.slice(0, 500) });
      tx.publish(messageWaiting, { message: messageFacts(saved) }, of(saved));
    });
  }
}

/** Deliveries and their effects in one transaction. */
export const writtenTogether = 200;

/** Each delivery has its own now. Of one alone its own end is the end of it (`over`). */
const underWay = ({ channels }: Pick<MessageDoc, 'channels'>, decided: readonly Decided[], now: Date) => {
  const reach = reachOf(decided);
  const lookAgain = isOneDelivery({ channels, reach }) ? lookAgainMs.alone : lookAgainMs.moving;
  return { state: 'sending' as const, recipients: [], secrets: null, reach, due: dueAt(new Date(now.getTime() + lookAgain)) };
};
const of = ({ _id, version, propertyId }: MessageDoc) => ({ _id, version, ...(propertyId !== null && { propertyId }) });
