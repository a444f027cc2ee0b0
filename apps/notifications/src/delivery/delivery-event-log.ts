import type { DeliveryId, DeliveryState } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import type { Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { DeliveryEventRepository } from './delivery-event.repository.js';
import { withoutAddresses } from './without-addresses.rules.js';

export interface Happened {
  readonly what: string;
  readonly state: DeliveryState | null;
  readonly code: string | null;
  readonly detail: string | null;
  /** Equal for the same report told twice; null: it cannot be told twice. */
  readonly once: string | null;
}

@Injectable()
export class DeliveryEventLog {
  constructor(
    private readonly events: DeliveryEventRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** False: this was told before. */
  async add(tx: Tx, deliveryId: DeliveryId, happened: Happened): Promise<boolean> {
    const { orgId } = tx;
    const { once } = happened;
    if (once !== null && (await this.events.findOne({ orgId, deliveryId, once }, { tx }))) return false;
    await this.events.insert(tx, {
      _id: this.ids.next('dev'),
      orgId,
      deliveryId,
      at: tx.now,
      ...happened,
      what: withoutAddresses(happened.what).slice(0, 300),
      detail: happened.detail === null ? null : withoutAddresses(happened.detail.slice(0, 4000)).slice(0, 2000),
    });
    return true;
  }
}
