import { EmailAddress } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { Database, TokenBucket, type EffectPace } from '@leasewire/persistence';
import { CLOCK, CONFIG, Logger, Metrics } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { withoutAddresses } from '../delivery/without-addresses.rules.js';
import { Breaker } from '../channel/breaker.js';
import { Channels, type Address, type Channel, type Outgoing, type Try } from '../channel/channel.js';
import { Sooner } from '../channel/sooner.js';
import type { NotificationsConfig } from '../config.js';
import { mailOf, type MailPlace } from './mail.js';
import { Smtp } from './smtp.js';
import { smtpOutcome } from './smtp-outcome.rules.js';

const minute = 60_000;
/** So many mails of what a burst may hold are not for those that go out to many. */
const keptForFirst = 10;

/** E-mail by SMTP. */
@Injectable()
export class EmailChannel implements Channel {
  readonly name = 'email';
  readonly batch = 50;
  readonly timeoutMs = 60_000;
  readonly maxTries = 8;
  readonly backoff = { firstMs: minute, mostMs: 4 * 60 * minute };
  readonly pace: EffectPace;
  readonly paceOfMany: EffectPace;
  readonly isOn: boolean;
  readonly #smtp: Smtp | null;
  readonly #breaker: Breaker;
  readonly #place: MailPlace;
  readonly #sooner = new Sooner(this.timeoutMs - 5000);

  constructor(
    @Inject(CONFIG) config: NotificationsConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly log: Logger,
    db: Database,
    channels: Channels,
    metrics: Metrics,
  ) {
    const host = config.LEASEWIRE_SMTP_HOST;
    this.isOn = host !== undefined;
    this.#smtp =
      host === undefined
        ? null
        : new Smtp(
            {
              host,
              port: config.LEASEWIRE_SMTP_PORT,
              secure: config.LEASEWIRE_SMTP_SECURE,
              requireTls: config.LEASEWIRE_SMTP_REQUIRE_TLS,
              user: config.LEASEWIRE_SMTP_USER,
              password: config.LEASEWIRE_SMTP_PASSWORD,
              connections: config.LEASEWIRE_SMTP_CONNECTIONS,
            },
            clock,
          );
    this.#breaker = new Breaker(clock);
    const domain = config.LEASEWIRE_MAIL_DOMAIN;
    this.#place = { domain, returnDomain: config.LEASEWIRE_RETURN_DOMAIN ?? domain, domains: config.LEASEWIRE_MAIL_DOMAINS };
    const perSecond = config.LEASEWIRE_SMTP_PER_SECOND;
    const bucket = perSecond === 0 ? null : new TokenBucket(db, 'email', { perSecond, burst: Math.max(perSecond, this.batch) });
    const leaving = (reserve: number): EffectPace => ({
      take: async (most) => (this.#breaker.isOpen ? 0 : ((await bucket?.take(most, reserve)) ?? most)),
      giveBack: async (count) => bucket?.giveBack(count),
    });
    this.pace = leaving(0);
    this.paceOfMany = leaving(keptForFirst);
    metrics.gauged('leasewire_mail_server_away', 'Whether mail waits because the mail server is away', null, () => ({
      all: this.#breaker.reason === null ? 0 : 1,
    }));
    channels.add(this);
  }

  /** Why mail waits at this replica; null: it does not. */
  get trouble(): string | null {
    return this.#breaker.reason;
  }

  addressOf({ email }: Address): { address: string } | { problem: string } | null {
    if (email === null) return null;
    const read = EmailAddress.safeParse(email);
    return read.success ? { address: read.data } : { problem: `“${email}” is no e-mail address.` };
  }

  async send(outgoing: Outgoing, signal: AbortSignal): Promise<Try> {
    const away = (reason: string): Try => ({
      state: 'later',
      at: new Date(this.clock.now().getTime() + this.#breaker.againInMs),
      reason,
    });
    if (!this.#smtp) return { state: 'failed', reason: 'This deployment sends no mail: LEASEWIRE_SMTP_HOST is not set.' };
    if (this.#breaker.isOpen) return away(this.#breaker.reason ?? 'The mail server is away.');
    const handed = await this.#smtp.hand(mailOf(outgoing, this.#place), this.#sooner.than(signal));
    if (handed.ok) {
      this.#breaker.succeeded();
      return { state: 'sent', reference: handed.reply.slice(0, 200) };
    }
    const outcome = smtpOutcome(handed.failure);
    switch (outcome.state) {
      case 'unknown':
        throw new Error(withoutAddresses(handed.failure.message));
      case 'away':
        this.log.warn({ reason: outcome.reason }, 'the mail server takes nothing for the moment; mail waits');
        this.#breaker.failed(outcome.reason);
        return away(outcome.reason);
      default:
        this.#breaker.succeeded();
        return outcome;
    }
  }

  onModuleDestroy(): void {
    this.#smtp?.close();
  }
}
