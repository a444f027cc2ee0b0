import {
  DeliveryId,
  DomainError,
  MailReports,
  type MailReport,
  type OutputOf,
  type ParsedInputOf,
  type receiveMailReports,
} from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { CLOCK, CONFIG, isSignedBody } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { NotificationsConfig } from '../config.js';
import { DeliveryRepository, type DeliveryDoc } from '../delivery/delivery.repository.js';
import { missingIn, namedBy, returnOf } from './mail-report.rules.js';
import { ReturnService } from './return.service.js';

/** Providers that tell by webhook what others report to the return path: it means the same and goes the same way. */
@Injectable()
export class MailReportService {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly returns: ReturnService,
    @Inject(CONFIG) private readonly config: NotificationsConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One by one, so that what could not be noted is told again without the rest counting twice. */
  async take(signed: ParsedInputOf<typeof receiveMailReports>): Promise<OutputOf<typeof receiveMailReports>> {
    const secret = this.config.LEASEWIRE_MAIL_REPORT_SECRET;
    if (secret === undefined)
      throw new DomainError('mail-reports.off', 'This deployment takes none: LEASEWIRE_MAIL_REPORT_SECRET is not set.');
    if (!isSignedBody({ secret, ...signed }, this.clock.now()))
      throw new DomainError('webhook.signature', 'The signature is not right, or its time is too far off.');
    const counted = { taken: 0, unknown: 0 };
    for (const report of read(signed.body)) {
      const found = await this.#about(report);
      counted[found ? 'taken' : 'unknown'] += 1;
      if (found) await this.returns.note(found, returnOf(report), `report ${report.id}`);
    }
    return counted;
  }

  async #about(report: MailReport): Promise<DeliveryDoc | null> {
    const named = namedBy(report);
    if (named === null) return null;
    if ('token' in named) return this.#mail(await this.deliveries.byToken(named.token));
    const id = DeliveryId.safeParse(named.deliveryId);
    return id.success ? this.#mail(await this.deliveries.byAnyId(id.data)) : null;
  }

  #mail(found: DeliveryDoc | null): DeliveryDoc | null {
    return found?.channel === 'email' ? found : null;
  }
}

function read(body: string): MailReport[] {
  const parsed = MailReports.safeParse(jsonOf(body));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
    throw new DomainError('invalid-input', `The body is not what /docs shows for this operation: ${wrong.slice(0, 500)}`);
  }
  const missing = parsed.data.events.map(missingIn).find((one) => one !== null);
  if (missing) throw new DomainError('invalid-input', missing);
  return parsed.data.events;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
