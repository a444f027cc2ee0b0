import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { DeliveryRepository, placesOf, type DeliveryDoc } from '../delivery/delivery.repository.js';
import { softBounces } from '../suppression/suppression.rules.js';
import { SuppressionService } from '../suppression/suppression.service.js';

const dayMs = 86_400_000;

/** Mailboxes that are full or away again and again: after so many times in a row nobody writes there any more. */
@Injectable()
export class SoftBounces {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly suppressions: SuppressionService,
  ) {}

  /** One more; its delivery says so already. */
  async count(tx: Tx, doc: DeliveryDoc, detail: string): Promise<void> {
    const { orgId, address, channel, personId } = doc;
    if (address === null) return;
    const since = new Date(tx.now.getTime() - softBounces.days * dayMs);
    const recent = await this.deliveries.find(
      { orgId, address, channel, updatedAt: { $gte: since }, state: { $in: ['bounced', 'delivered'] } },
      { tx, sort: { updatedAt: -1 }, limit: softBounces.most },
    );
    const inARow = recent.findIndex(({ state }) => state === 'delivered');
    if ((inARow < 0 ? recent.length : inARow) < softBounces.most) return;
    const whose = { personId, propertyIds: placesOf(doc) };
    await this.suppressions.suppress(tx, { channel, address, reason: 'soft-bounces', detail, ...whose });
  }
}
