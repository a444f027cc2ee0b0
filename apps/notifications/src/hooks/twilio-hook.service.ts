import { DomainError, type ParsedInputOf, type receiveSms, type receiveSmsStatus } from '@leasewire/contracts';
import { CONFIG, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { NotificationsConfig } from '../config.js';
import type { TwilioClient } from '../sms/twilio-client.js';
import { TWILIO } from '../sms/twilio.token.js';
import { InboundTexts } from './twilio-inbound.service.js';
import { SmsReports } from './twilio-report.service.js';

type Signed = Pick<ParsedInputOf<typeof receiveSms>, 'signature' | 'path' | 'params'>;

/** What Twilio posts. Nothing of it is believed before its signature is checked against the address that we gave Twilio. */
@Injectable()
export class TwilioHookService {
  readonly #publicUrl: string;

  constructor(
    @Inject(CONFIG) config: NotificationsConfig,
    @Inject(TWILIO) private readonly client: TwilioClient | null,
    private readonly reports: SmsReports,
    private readonly inbound: InboundTexts,
    private readonly log: Logger,
  ) {
    this.#publicUrl = config.LEASEWIRE_PUBLIC_URL.replace(/\/+$/, '');
  }

  async status({ reference, ...signed }: ParsedInputOf<typeof receiveSmsStatus>): Promise<{ accepted: boolean }> {
    this.#verify(signed);
    return { accepted: await this.reports.take(reference, signed.params) };
  }

  async text(signed: ParsedInputOf<typeof receiveSms>): Promise<{ accepted: boolean }> {
    this.#verify(signed);
    return { accepted: await this.inbound.take(signed.params) };
  }

  #verify({ signature, path, params }: Signed): void {
    if (this.client === null)
      throw new DomainError('sms.off', 'This deployment sends no texts: LEASEWIRE_TWILIO_ACCOUNT_SID is not set.');
    if (this.client.isSigned(signature, this.#publicUrl + path, params)) return;
    this.log.warn({ path }, 'a webhook came without the signature of Twilio; check LEASEWIRE_PUBLIC_URL and the auth token');
    throw new DomainError('webhook.forged', 'The signature is not that of Twilio for this address.');
  }
}
