import { randomInt } from 'node:crypto';
import type { Clock, Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type EffectPace } from '@leasewire/persistence';
import { CLOCK, CONFIG, IDS, Logger, Metrics } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { Breaker } from '../channel/breaker.js';
import {
  Channels,
  type Address,
  type Channel,
  type FoundOut,
  type Outgoing,
  type Recipient,
  type Try,
} from '../channel/channel.js';
import { Sooner } from '../channel/sooner.js';
import { categories } from '../compose/category.rules.js';
import type { NotificationsConfig } from '../config.js';
import { ConsentLedger } from '../consent/consent-ledger.js';
import { DeliveryRepository } from '../delivery/delivery.repository.js';
import { AccountHold } from './account-hold.js';
import { LocalClocks } from './local-clocks.js';
import { mayBeTexted } from './phone.rules.js';
import { withPlainSigns } from './plain-sms.rules.js';
import { afterQuietHours } from './quiet-hours.rules.js';
import { bodyHash, SmsTryRepository } from './sms-try.repository.js';
import type { TwilioClient } from './twilio-client.js';
import { codeRow } from './twilio-codes.rules.js';
import { TwilioPace } from './twilio-pace.js';
import { failureOf, type Failure } from './twilio-refusal.rules.js';
import { TWILIO } from './twilio.token.js';

const minute = 60_000;
/** So long nobody can say that a text which the list does not show was not taken. */
const listedWithinMs = 2 * minute;
/** Our clock and Twilio’s may differ by that. */
const skewMs = minute;

/** Texts by Twilio. */
@Injectable()
export class TwilioChannel implements Channel {
  readonly name = 'sms';
  readonly batch: number;
  readonly timeoutMs: number;
  readonly maxTries = 8;
  readonly backoff = { firstMs: minute, mostMs: 60 * minute };
  readonly isOn: boolean;
  readonly #international: boolean;
  readonly #callback: string;
  readonly pace: EffectPace;
  readonly #atOnce: TwilioPace;
  readonly #breaker: Breaker;
  readonly #sooner: Sooner;

  constructor(
    @Inject(CONFIG) config: NotificationsConfig,
    @Inject(TWILIO) private readonly client: TwilioClient | null,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: Ids,
    private readonly ledger: ConsentLedger,
    private readonly deliveries: DeliveryRepository,
    private readonly tries: SmsTryRepository,
    private readonly clocks: LocalClocks,
    private readonly hold: AccountHold,
    private readonly work: UnitOfWork,
    private readonly log: Logger,
    channels: Channels,
    metrics: Metrics,
  ) {
    this.isOn = client !== null;
    this.#international = config.LEASEWIRE_SMS_INTERNATIONAL;
    this.#callback = `${config.LEASEWIRE_PUBLIC_URL.replace(/\/+$/, '')}/v1/hooks/twilio/status`;
    this.batch = config.LEASEWIRE_TWILIO_AT_ONCE;
    this.timeoutMs = config.LEASEWIRE_TWILIO_TIMEOUT_MS + 15_000;
    this.#atOnce = new TwilioPace(config.LEASEWIRE_TWILIO_AT_ONCE, clock, () => randomInt(1_000) / 1_000);
    // whoever’s turn comes later could not see the end of what it asks
    this.#sooner = new Sooner(this.timeoutMs - config.LEASEWIRE_TWILIO_TIMEOUT_MS - 1_000);
    this.#breaker = new Breaker(clock);
    this.pace = { take: (most) => Promise.resolve(this.#breaker.isOpen ? 0 : most), giveBack: () => Promise.resolve() };
    metrics.gauged('leasewire_twilio_away', 'Whether texts wait because Twilio cannot be reached', null, () => ({
      all: this.#breaker.reason === null ? 0 : 1,
    }));
    channels.add(this);
  }

  addressOf({ phone }: Address, { country }: Recipient): { address: string } | { problem: string } | null {
    if (phone === null) return null;
    const verdict = mayBeTexted(phone, { country: country ?? 'US', international: this.#international });
    return verdict.may ? { address: phone } : { problem: verdict.message };
  }

  async send(outgoing: Outgoing, signal: AbortSignal): Promise<Try> {
    const { client } = this;
    if (client === null) return { state: 'failed', reason: 'This deployment sends no texts.' };
    const { orgId, personId, propertyId, address, deliveryId, token, rendered } = outgoing;
    const waits = (await this.#waits()) ?? (await this.#quiet(outgoing));
    if (waits) return waits;
    await this.ledger.noteTexted(orgId, address, personId, propertyId);
    const body = withPlainSigns(rendered.sms);
    await this.#begin(outgoing, body);
    try {
      const ask = () => client.send(address, body, `${this.#callback}/${token}`);
      const taken = await this.#atOnce.run(ask, this.#sooner.than(signal));
      if (taken === null) return { state: 'later', at: this.clock.now(), reason: 'Others were asked for first.' };
      this.#breaker.succeeded();
      this.#atOnce.went();
      return { state: 'sent', reference: taken.sid };
    } catch (error) {
      return this.#failed(failureOf(error), outgoing, deliveryId);
    }
  }

  /** Time-outs and the like: Twilio’s list says whether it was taken. What is in nobody’s row and says the same is ours. */
  async findOut({ deliveryId, orgId, address }: Pick<Outgoing, 'deliveryId' | 'orgId' | 'address'>): Promise<FoundOut> {
    const tried = await this.tries.of(orgId, deliveryId);
    if (this.client === null || tried === null) return { state: 'unknown' };
    const listed = await this.client.list(address, new Date(tried.startedAt.getTime() - skewMs));
    const same = listed.filter(({ body }) => bodyHash(orgId, body) === tried.body);
    const known = await this.deliveries.find(
      { orgId, providerReference: { $in: same.map(({ sid }) => sid) }, address, channel: 'sms' },
      { fields: ['providerReference'] },
    );
    const others = new Set(known.filter(({ _id }) => _id !== deliveryId).map(({ providerReference }) => providerReference));
    const ours = same.find(({ sid }) => !others.has(sid));
    if (ours) return { state: 'sent', reference: ours.sid };
    // an account that hides bodies tells nothing by its list
    if (listed.some(({ body }) => body === '' || /redacted/i.test(body))) return { state: 'unknown' };
    if (this.clock.now().getTime() - tried.startedAt.getTime() < listedWithinMs) return { state: 'unknown' };
    return { state: 'again', reason: 'Twilio did not take it; its list does not have it.' };
  }

  /** Twilio asks for fewer, or refuses the account: nothing is tried. */
  async #waits(): Promise<Try | null> {
    const paused = this.#atOnce.pausedUntil;
    if (paused) return { state: 'later', at: paused, reason: 'Twilio asked for fewer at once.' };
    if (this.#breaker.isOpen) return this.#away(this.#breaker.reason ?? 'Twilio cannot be reached.');
    const hold = await this.hold.current();
    return hold && { state: 'later', at: hold.until, reason: hold.reason };
  }

  #away(reason: string): Try {
    return { state: 'later', at: new Date(this.clock.now().getTime() + this.#breaker.againInMs), reason };
  }

  async #quiet({ category, orgId, propertyId }: Outgoing): Promise<Try | null> {
    if (!categories[category].quiet || propertyId === null) return null;
    const quiet = await this.clocks.quietOf(orgId, propertyId);
    if (quiet === null) return null;
    const { timeZone, hours } = quiet;
    const now = this.clock.now();
    const at = afterQuietHours(now, timeZone, hours);
    if (at <= now) return null;
    return { state: 'later', at, reason: `Nobody is texted between ${hours.from} and ${hours.until} where they live.` };
  }

  /** Known before Twilio is asked, also to who comes after a crash. */
  async #begin({ deliveryId: _id, orgId, address }: Outgoing, body: string): Promise<void> {
    await this.work.run(systemCause('notifications', orgId, this.ids), async (tx) => {
      const now = { to: address, body: bodyHash(orgId, body), startedAt: tx.now };
      const known = await this.tries.findOne({ orgId, _id }, { tx });
      if (known) await this.tries.save(tx, { ...known, ...now });
      else await this.tries.insert(tx, { _id, orgId, ...now });
    });
  }

  async #failed(failure: Failure, outgoing: Outgoing, deliveryId: string): Promise<Try> {
    // a time-out says nothing of whether anybody is there
    if (failure.kind === 'busy' || failure.kind === 'refused') this.#breaker.succeeded();
    switch (failure.kind) {
      case 'busy':
        return { state: 'later', at: this.#atOnce.refused(), reason: 'Twilio asked for fewer at once.' };
      case 'nothing':
        this.log.warn({ reason: failure.message }, 'Twilio cannot be reached; texts wait');
        this.#breaker.failed(`Twilio could not be reached: ${failure.message}`);
        return this.#away(`Twilio could not be reached: ${failure.message}`);
      case 'unclear':
        this.log.warn({ deliveryId, reason: failure.message }, 'it is not known whether Twilio took a text; its list is asked');
        throw new Error(failure.message);
      case 'refused':
        return this.#refused(failure.code, outgoing);
    }
  }

  async #refused(code: number, { orgId, address }: Outgoing): Promise<Try> {
    const { is, reason, nextStep } = codeRow(code);
    const failed = { state: 'failed', reason, nextStep, code: String(code) } as const;
    switch (is) {
      case 'account': {
        const cause = systemCause('notifications', orgId, this.ids);
        const { until } = await this.work.run(cause, (tx) => this.hold.begin(tx, code, reason));
        return { state: 'later', at: until, reason };
      }
      case 'opted-out':
        await this.ledger.stoppedAtProvider(orgId, address, reason);
        return failed;
      case 'number':
        return { ...failed, suppress: 'unreachable-number' };
      case 'refused':
      case 'filtered':
        return failed;
      case 'passing':
        return { state: 'again', reason, code: String(code) };
    }
  }
}
