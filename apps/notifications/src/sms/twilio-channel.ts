import { randomInt } from 'node:crypto';
import type { Clock, Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { CLOCK, CONFIG, IDS, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import {
  Channels,
  type Address,
  type Channel,
  type FoundOut,
  type Outgoing,
  type Recipient,
  type Try,
} from '../channel/channel.js';
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
  readonly #pace: TwilioPace;

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
  ) {
    this.isOn = client !== null;
    this.#international = config.LEASEWIRE_SMS_INTERNATIONAL;
    this.#callback = `${config.LEASEWIRE_PUBLIC_URL.replace(/\/+$/, '')}/v1/hooks/twilio/status`;
    this.batch = config.LEASEWIRE_TWILIO_AT_ONCE;
    this.timeoutMs = config.LEASEWIRE_TWILIO_TIMEOUT_MS + 15_000;
    this.#pace = new TwilioPace(config.LEASEWIRE_TWILIO_AT_ONCE, clock, () => randomInt(1_000) / 1_000);
    channels.add(this);
  }

  addressOf({ phone }: Address, { country }: Recipient): { address: string } | { problem: string } | null {
    if (phone === null) return null;
    const verdict = mayBeTexted(phone, { country: country ?? 'US', international: this.#international });
    return verdict.may ? { address: phone } : { problem: verdict.message };
  }

  async send(outgoing: Outgoing): Promise<Try> {
    const { client } = this;
    if (client === null) return { state: 'failed', reason: 'This deployment sends no texts.' };
    const { orgId, personId, propertyId, category, address, deliveryId, token, rendered } = outgoing;
    const waits = (await this.#waits()) ?? (await this.#quiet(outgoing));
    if (waits) return waits;
    // since the message began it may have been hours: what they said meanwhile counts
    const [consent] = await this.ledger.consents({ orgId, category, channel: 'sms' }, [{ personId, address }]);
    if (consent === 'refused')
      return { state: 'failed', reason: 'They asked not to be texted.', nextStep: codeRow(21_610).nextStep };
    await this.ledger.noteTexted(orgId, address, personId, propertyId);
    const body = withPlainSigns(rendered.sms);
    await this.#begin(outgoing, body);
    try {
      const { sid } = await this.#pace.run(() => client.send(address, body, `${this.#callback}/${token}`));
      this.#pace.went();
      return { state: 'sent', reference: sid };
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
    const paused = this.#pace.pausedUntil;
    if (paused) return { state: 'later', at: paused, reason: 'Twilio asked for fewer at once.' };
    const hold = await this.hold.current();
    return hold && { state: 'later', at: hold.until, reason: hold.reason };
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
    switch (failure.kind) {
      case 'busy':
        return { state: 'later', at: this.#pace.refused(), reason: 'Twilio asked for fewer at once.' };
      case 'nothing':
        return { state: 'again', reason: `Twilio could not be reached: ${failure.message}` };
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
