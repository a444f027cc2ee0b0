import type { Clock } from '@leasewire/messaging';
import type { Tx } from '@leasewire/persistence';
import { CLOCK, Logger, Metrics } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { AccountHoldRepository } from './account-hold.repository.js';

const heldMs = 15 * 60_000;
/** So long another replica may go on before it hears of it. */
const keptMs = 2_000;

interface Hold {
  readonly until: Date;
  readonly reason: string;
}

/**
 * While Twilio refuses the account no text is tried, at any replica: it may say so to one of them, in answer to a text or hours later in
 * a callback. After a quarter of an hour one batch finds out whether somebody has mended it.
 */
@Injectable()
export class AccountHold {
  #known: Hold | null = null;
  #lookAt = 0;

  constructor(
    private readonly holds: AccountHoldRepository,
    private readonly log: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
    metrics: Metrics,
  ) {
    metrics.gauged('leasewire_sms_waiting', 'Whether texts wait because Twilio refuses the account', null, () => ({
      all: this.#now() ? 1 : 0,
    }));
  }

  /** Until when texts wait, and why; null: they do not. */
  async current(): Promise<Hold | null> {
    if (this.clock.monotonicMs() >= this.#lookAt) {
      this.#lookAt = this.clock.monotonicMs() + keptMs;
      const found = await this.holds.findOne({ _id: 'account' });
      this.#known = found && { until: found.until, reason: found.reason };
    }
    return this.#now();
  }

  async begin(tx: Tx, code: number, reason: string): Promise<Hold> {
    const until = new Date(tx.now.getTime() + heldMs);
    const known = await this.holds.findOne({ _id: 'account' }, { tx });
    const fields = { until, code, reason };
    if (known) await this.holds.save(tx, { ...known, ...fields });
    else await this.holds.insert(tx, { _id: 'account', ...fields });
    tx.afterCommit(() => {
      this.log.error({ code, reason }, 'Twilio refuses the account: texts wait until it is mended');
      this.#known = { until, reason };
      this.#lookAt = this.clock.monotonicMs() + keptMs;
    });
    return { until, reason };
  }

  #now(): Hold | null {
    return this.#known && this.#known.until > this.clock.now() ? this.#known : null;
  }
}
