import { Effects, type Attempted, type Tx } from '@leasewire/persistence';
import { CONFIG } from '@leasewire/service-kit';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import type { NotificationsConfig } from '../config.js';
import type { TwilioClient } from '../sms/twilio-client.js';
import { failureOf } from '../sms/twilio-refusal.rules.js';
import { TWILIO } from '../sms/twilio.token.js';

const kind = 'confirm-by-text';
const Payload = z.object({ to: z.string(), body: z.string() });

/** The one text that may still go to who said stop. Where it is not known whether it went out, it is not sent again. */
@Injectable()
export class ConfirmationTexts implements OnModuleInit {
  constructor(
    private readonly effects: Effects,
    @Inject(TWILIO) private readonly client: TwilioClient | null,
    @Inject(CONFIG) private readonly config: NotificationsConfig,
  ) {}

  onModuleInit(): void {
    this.effects.define(kind, {
      payload: Payload,
      attempt: ({ payload }) => this.#send(payload),
      timeoutMs: this.config.LEASEWIRE_TWILIO_TIMEOUT_MS + 5_000,
      maxAttempts: 5,
    });
  }

  intend(tx: Tx, { to, body, key }: { readonly to: string; readonly body: string; readonly key: string }): void {
    tx.effect(kind, { to, body }, { key });
  }

  async #send({ to, body }: z.output<typeof Payload>): Promise<Attempted> {
    if (this.client === null) return { state: 'not-done', reason: 'This deployment sends no texts.', retry: false };
    try {
      const { sid } = await this.client.send(to, body);
      return { state: 'done', outcome: sid };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'unclear') throw error;
      return failure.kind === 'refused'
        ? { state: 'not-done', reason: `Twilio refused it (${failure.code})`, retry: false }
        : { state: 'not-done', reason: 'Twilio did not take it' };
    }
  }
}
