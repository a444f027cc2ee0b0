import {
  DomainError,
  messageCancelled,
  messageEdited,
  messagePaused,
  messageResumed,
  messageScheduled,
  type createMessage,
  type editMessage,
  type Message,
  type MessageId,
  type OrgId,
  type ParsedInputOf,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { dueAt, Effects, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { reachOf } from '../audience/verdict.rules.js';
import { canonicalHtml } from '../compose/write-html.rules.js';
import { readHtml } from '../compose/read-html.rules.js';
import { DraftService, textsOf, type Draft, type Prepared } from './draft.service.js';
import { Launcher } from './launcher.js';
import { MessageRepository, noCounts, type MessageDoc } from './message.repository.js';
import { confirmBy, hasNotBegun, isRunning, isStuck } from './message.rules.js';
import { mayStill, staffOf, visible } from './message-scope.rules.js';
import { messageFacts, toMessage } from './message.view.js';

type Confirmed = Pick<ParsedInputOf<typeof createMessage>, 'token' | 'typed'>;

/** What staff do with messages. */
@Injectable()
export class MessageService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly messages: MessageRepository,
    private readonly drafts: DraftService,
    private readonly effects: Effects,
    private readonly launcher: Launcher,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async create({ draft, ...confirmed }: ParsedInputOf<typeof createMessage>, call: Call): Promise<Message> {
    const prepared = await this.#confirmed(draft, confirmed, call);
    return this.work.run(call, async (tx) => {
      const saved = await this.messages.insert(tx, this.#doc(this.ids.next('msg'), draft, prepared, call));
      tx.publish(messageScheduled, { message: messageFacts(saved) }, aggregate(saved));
      this.launcher.wakeAfter(tx);
      return toMessage(saved);
    });
  }

  async edit(input: ParsedInputOf<typeof editMessage>, call: Call): Promise<Message> {
    const { messageId, draft, version, ...confirmed } = input;
    await this.#load(call, messageId);
    const prepared = await this.#confirmed(draft, confirmed, call);
    return this.work.run(call, async (tx) => {
      const before = await this.#load(call, messageId, tx, version);
      if (before.kind !== 'composed' || !hasNotBegun(before)) throw started(before);
      const { createdBy, staffId } = before;
      const next = { ...before, ...this.#doc(messageId, draft, prepared, call), createdBy, staffId };
      const saved = await this.messages.save(tx, next);
      tx.publish(messageEdited, { message: messageFacts(saved) }, aggregate(saved));
      this.launcher.wakeAfter(tx);
      return toMessage(saved);
    });
  }

  /** What has not begun to go out never will; the deliveries say so one by one, a moment later. */
  async cancel(messageId: MessageId, version: number | undefined, call: Call): Promise<Message> {
    return this.work.run(call, async (tx) => {
      const before = await this.#load(call, messageId, tx, version);
      if (before.state === 'cancelled') return toMessage(before);
      if (!hasNotBegun(before) && !isRunning(before)) throw started(before);
      return toMessage(await this.cancelled(tx, before, 'Cancelled by staff.'));
    });
  }

  /** Also for services that take back what they sent. */
  async cancelled(tx: Tx, before: MessageDoc, reason: string): Promise<MessageDoc> {
    const running = isRunning(before);
    await this.effects.withdrawGroup(tx, before._id, reason);
    const { due: _due, ...rest } = before;
    const saved = await this.messages.save(tx, {
      ...rest,
      state: 'cancelled',
      reason,
      finishedAt: tx.now,
      recipients: [],
      secrets: null,
      ...(running && { due: dueAt(tx.now) }),
    });
    tx.publish(messageCancelled, { message: messageFacts(saved) }, aggregate(saved));
    this.launcher.wakeAfter(tx);
    return saved;
  }

  async pause(messageId: MessageId, version: number | undefined, call: Call): Promise<Message> {
    return this.work.run(call, async (tx) => {
      const before = await this.#load(call, messageId, tx, version);
      if (before.state === 'paused') return toMessage(before);
      if (before.state !== 'sending')
        throw new DomainError('conflict.state', 'Only a message that is being sent can be paused. Look again: it may be over.');
      await this.effects.hold(tx, messageId);
      const saved = await this.messages.save(tx, { ...before, state: 'paused' });
      tx.publish(messagePaused, { message: messageFacts(saved) }, aggregate(saved));
      return toMessage(saved);
    });
  }

  async resume(messageId: MessageId, version: number | undefined, call: Call): Promise<Message> {
    return this.work.run(call, async (tx) => {
      const before = await this.#load(call, messageId, tx, version);
      if (before.state === 'sending') return toMessage(before);
      const stuck = isStuck(before);
      if (before.state !== 'paused' && !stuck)
        throw new DomainError('conflict.state', 'Only a message that is paused, or was given up in the middle, can go on.');
      await this.effects.letGo(tx, messageId);
      const going = stuck ? { state: 'preparing' as const, reason: null } : { state: 'sending' as const };
      const saved = await this.messages.save(tx, { ...before, ...going, due: dueAt(tx.now) });
      tx.publish(messageResumed, { message: messageFacts(saved) }, aggregate(saved));
      this.launcher.wakeAfter(tx);
      return toMessage(saved);
    });
  }

  async #confirmed(draft: Draft, { token, typed }: Confirmed, call: Call): Promise<Prepared> {
    const prepared = await this.drafts.prepare(draft, call);
    const reach = reachOf(prepared.decided);
    const [problem, ...others] = prepared.problems;
    if (problem !== undefined && problem === prepared.overLimit && others.length === 0)
      throw new DomainError('message.daily-limit', problem);
    if (problem !== undefined)
      throw new DomainError('message.invalid', prepared.problems.join(' '), { problems: prepared.problems });
    const [draftSeen = '', audienceSeen = ''] = token.split('.');
    const [draftNow = '', audienceNow = ''] = prepared.token.split('.');
    if (draftSeen !== draftNow)
      throw new DomainError(
        'message.not-previewed',
        'What is to be sent is not what was previewed. Preview it again and confirm.',
      );
    if (audienceSeen !== audienceNow)
      throw new DomainError(
        'message.audience-changed',
        `Who receives it has changed: it is now ${reach.reached} of ${reach.people} people. Look again and confirm.`,
        { reach, token: prepared.token },
      );
    if (confirmBy(reach.reached) === 'number' && typed !== reach.reached)
      throw new DomainError('message.confirm-number', `It reaches ${reach.reached} people. Type that number to send it.`, {
        reached: reach.reached,
      });
    return prepared;
  }

  #doc(_id: MessageId, draft: Draft, prepared: Prepared, call: Call) {
    const { when, asked, decided, audience, sms } = prepared;
    return {
      _id,
      orgId: call.orgId,
      kind: 'composed' as const,
      propertyId: draft.propertyId,
      category: draft.category,
      channels: draft.channels,
      state: 'scheduled' as const,
      reason: null,
      texts: textsOf(draft).map((text) => ({ ...text, body: canonicalHtml(readHtml(text.body).text) })),
      attachmentIds: draft.attachmentIds,
      audience: draft.audience,
      scope: call.actor.properties,
      ifAudienceChanges: draft.ifAudienceChanges,
      digest: audience,
      template: null,
      templateVersion: asked.writing.version,
      key: null,
      service: null,
      recipients: [],
      data: asked.shared,
      secrets: null,
      secretFields: [],
      many: false,
      language: draft.language,
      startsAt: when.startsAt,
      local: when.local,
      timeZone: when.timeZone,
      startedAt: null,
      finishedAt: null,
      reach: reachOf(decided),
      smsSegments: sms.most,
      smsTotal: sms.total,
      counts: noCounts,
      senderName: call.actor.name ?? null,
      createdBy: call.actor.ref,
      staffId: staffOf(call.actor.ref),
      contentGone: false,
      due: dueAt(when.startsAt),
    };
  }

  async #load(call: Call, messageId: MessageId, tx?: Tx, version?: number): Promise<MessageDoc> {
    const doc = await this.messages.get({ orgId: call.orgId, _id: messageId }, tx ? { tx } : {});
    if (!visible(doc, call.actor)) throw unseen(messageId);
    if (!mayStill(doc, version))
      throw new DomainError('conflict.version', 'The message was changed meanwhile; read it again and repeat.');
    return doc;
  }

  async get(orgId: OrgId, messageId: MessageId, actor: Call['actor']): Promise<MessageDoc> {
    const doc = await this.messages.get({ orgId, _id: messageId });
    if (!visible(doc, actor)) throw unseen(messageId);
    return doc;
  }
}

export const aggregate = ({ _id, version, propertyId }: Pick<MessageDoc, '_id' | 'version' | 'propertyId'>) => ({
  _id,
  version,
  ...(propertyId !== null && { propertyId }),
});
const unseen = (id: MessageId): DomainError => new DomainError('not-found', `There is no ${id} here, or you may not see it.`);
const started = ({ state }: MessageDoc): DomainError =>
  new DomainError(
    'message.started',
    state === 'done' || state === 'cancelled'
      ? 'The message is over. Copy it to send it again as a new one.'
      : 'The message has begun to go out and cannot be changed. Cancel it, or copy it and send that.',
  );
