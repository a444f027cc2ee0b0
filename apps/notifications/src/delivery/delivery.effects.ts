import { DeliveryId } from '@leasewire/contracts';
import { Effects, type Attempted, type Effect, type SettledEffect, type Tx } from '@leasewire/persistence';
import { CONFIG } from '@leasewire/service-kit';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { SoftBounces } from '../bounce/soft-bounces.js';
import { Channels, type Channel } from '../channel/channel.js';
import type { NotificationsConfig } from '../config.js';
import { isPassing } from '../email/smtp-outcome.rules.js';
import { Launcher } from '../message/launcher.js';
import { SuppressionService } from '../suppression/suppression.service.js';
import { DeliveryEventLog } from './delivery-event-log.js';
import { DeliveryRepository, placesOf, type DeliveryDoc } from './delivery.repository.js';
import { DeliveryWriter } from './delivery-writer.js';
import { isOpen, isTried } from './delivery.rules.js';
import { effectOf, nextSteps, unknownReason, unknownStep } from './delivery-words.js';
import { withoutAddresses } from './without-addresses.rules.js';
import { OutgoingService, type Outcome, type Prepared } from './outgoing.service.js';

const Payload = z.object({ deliveryId: DeliveryId });
type Payload = z.output<typeof Payload>;

/** Between the effects of the library and the channels: prepares a batch, tries each, notes what came of it. */
@Injectable()
export class DeliveryEffects implements OnModuleInit {
  /** Of effects that are being attempted by this process. */
  readonly #ready = new Map<string, Prepared>();
  /** As they were before the attempt: their versions tell when somebody changed one meanwhile, and then they are read again. */
  readonly #known = new Map<string, DeliveryDoc>();
  readonly #tried = new Map<string, Outcome>();

  constructor(
    private readonly effects: Effects,
    private readonly channels: Channels,
    private readonly outgoing: OutgoingService,
    private readonly deliveries: DeliveryRepository,
    private readonly writer: DeliveryWriter,
    private readonly events: DeliveryEventLog,
    private readonly suppressions: SuppressionService,
    private readonly softBounces: SoftBounces,
    private readonly launcher: Launcher,
    @Inject(CONFIG) private readonly config: NotificationsConfig,
  ) {}

  onModuleInit(): void {
    for (const channel of this.channels.all()) for (const first of [true, false]) this.#define(channel, first);
  }

  #define(channel: Channel, first: boolean): void {
    const canFindOut = channel.findOut !== undefined;
    const pace = first ? channel.pace : (channel.paceOfMany ?? channel.pace);
    this.effects.define<typeof Payload>(effectOf(channel.name, first), {
      payload: Payload,
      prepare: async (batch) => {
        const made = await this.outgoing.prepare(batch.map(({ orgId, payload }) => ({ orgId, deliveryId: payload.deliveryId })));
        for (const { id, payload, attempts } of batch) {
          const one = made.get(payload.deliveryId);
          if (one) this.#ready.set(id, withTries(one, attempts - 1));
        }
      },
      attempt: (effect, signal) => this.#attempt(channel, effect, signal),
      onSettled: (tx, settled) => this.#settled(tx, settled),
      ...(canFindOut && { reconcile: (effect) => this.#findOut(channel, effect) }),
      ...(pace && { pace }),
      batch: channel.batch,
      lanes: 2,
      timeoutMs: channel.timeoutMs,
      leaseMs: this.config.LEASEWIRE_DELIVERY_LEASE_MS,
      maxAttempts: channel.maxTries,
      backoff: channel.backoff,
    });
  }

  async #attempt(channel: Channel, { id, payload }: Effect<Payload>, signal: AbortSignal): Promise<Attempted> {
    const ready = this.#ready.get(id);
    this.#ready.delete(id);
    if (!ready) return { state: 'not-done', retry: false, reason: `There is no delivery ${payload.deliveryId}` };
    const { doc, outgoing } = ready;
    this.#known.set(id, doc);
    const tried = 'rendered' in outgoing ? await channel.send(outgoing, signal) : outgoing;
    if (tried.state === 'later' || tried.state === 'again') this.#known.delete(id);
    return this.#attempted(id, tried);
  }

  #attempted(id: string, tried: Outcome): Attempted {
    const reason = 'reason' in tried ? withoutAddresses(tried.reason) : '';
    if (tried.state === 'later') return { ...tried, reason };
    this.#tried.set(id, tried);
    // its reference is for the delivery; without it all that were sent are noted as one
    if (tried.state === 'sent') return { state: 'done' };
    return { state: 'not-done', reason, retry: tried.state === 'again' };
  }

  async #findOut(channel: Channel, { id, orgId, payload }: Effect<Payload>): Promise<Attempted | { state: 'unknown' }> {
    const doc = await this.deliveries.findOne({ orgId, _id: payload.deliveryId });
    if (!doc?.address || doc.state !== 'unknown') return { state: 'unknown' };
    const { _id: deliveryId, propertyId, address, token } = doc;
    const found = (await channel.findOut?.({ deliveryId, orgId, propertyId, address, token })) ?? { state: 'unknown' as const };
    return found.state === 'unknown' ? found : this.#attempted(id, found);
  }

  async #settled(tx: Tx, settled: readonly SettledEffect<Payload>[]): Promise<void> {
    const { orgId } = tx;
    const byDelivery = new Map(settled.map((one) => [one.payload.deliveryId, one]));
    const docs =
      this.#takeKnown(settled) ?? (await this.deliveries.find({ orgId, _id: { $in: [...byDelivery.keys()] } }, { tx }));
    const changes = docs.flatMap((doc): [DeliveryDoc, ReturnType<typeof changeOf>][] => {
      const one = byDelivery.get(doc._id);
      return one && isOpen(doc.state) ? [[doc, changeOf(one, this.#tried.get(one.id), tx.now)]] : [];
    });
    const saved = await this.writer.change(tx, changes);
    const tried = saved.filter(({ state }) => isTried(state));
    await this.launcher.over(tx, new Map(tried.map(({ messageId, state }) => [messageId, state])));
    for (const [doc, change] of changes) await this.#note(tx, doc, change, byDelivery.get(doc._id));
    const ids = settled.map(({ id }) => id);
    tx.afterCommit(() => {
      for (const id of ids) this.#tried.delete(id);
    });
  }

  /** Only once: when it does not go through with them, they are not as they were. */
  #takeKnown(settled: readonly SettledEffect<Payload>[]): DeliveryDoc[] | null {
    const docs = settled.flatMap(({ id }) => this.#known.get(id) ?? []);
    for (const { id } of settled) this.#known.delete(id);
    return docs.length === settled.length ? docs : null;
  }

  /** What a provider said of a refusal stays; that it was accepted is in the row itself. */
  async #note(
    tx: Tx,
    doc: DeliveryDoc,
    change: ReturnType<typeof changeOf>,
    one: SettledEffect<Payload> | undefined,
  ): Promise<void> {
    if (change.state === 'sent') return;
    const tried = one && this.#tried.get(one.id);
    const code = tried && 'code' in tried ? (tried.code ?? null) : null;
    const what = change.reason;
    await this.events.add(tx, doc._id, { what, state: change.state, code, detail: null, once: null });
    if (tried?.state !== 'failed' && tried?.state !== 'bounced') return;
    if (tried.suppress && doc.address !== null)
      await this.suppressions.suppress(tx, {
        channel: doc.channel,
        address: doc.address,
        reason: tried.suppress,
        detail: tried.reason,
        personId: doc.personId,
        propertyIds: placesOf(doc),
      });
    else if (tried.state === 'bounced' && isPassing(code ?? '')) await this.softBounces.count(tx, doc, tried.reason);
  }
}

const withTries = ({ doc, outgoing }: Prepared, tries: number): Prepared => ({
  doc,
  outgoing: 'rendered' in outgoing ? { ...outgoing, tries } : outgoing,
});

function changeOf(one: SettledEffect<Payload>, tried: Outcome | undefined, now: Date) {
  const attempts = one.attempts;
  if (one.state === 'done') {
    const providerReference = tried?.state === 'sent' ? tried.reference : null;
    return { state: 'sent' as const, reason: null, nextStep: null, providerReference, attempts, sentAt: now };
  }
  if (one.state === 'unknown') return { state: 'unknown' as const, reason: unknownReason, nextStep: unknownStep, attempts };
  // a channel was not asked
  if (tried?.state === 'cancelled') return { state: tried.state, reason: tried.reason, nextStep: null, attempts: attempts - 1 };
  if (tried?.state === 'skipped') {
    const { state, skipReason, reason } = tried;
    return { state, skipReason, reason, nextStep: nextSteps[skipReason] ?? null, attempts: attempts - 1 };
  }
  const state = tried?.state === 'bounced' ? ('bounced' as const) : ('failed' as const);
  const nextStep = tried && 'nextStep' in tried ? (tried.nextStep ?? null) : null;
  return { state, reason: one.reason ?? 'It was given up.', nextStep, attempts };
}
