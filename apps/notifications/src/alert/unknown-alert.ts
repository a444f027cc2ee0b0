import { Effects } from '@leasewire/persistence';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { tellOfUnknown, Unknown } from '../delivery/delivery-words.js';
import { AlertService } from './alert.service.js';

/**
 * Staff are told of deliveries of which nobody knows whether they went out. Whoever notes them intends it: to hear of it by the events
 * would be to read every delivery of a blast once more.
 */
@Injectable()
export class UnknownAlert implements OnModuleInit {
  constructor(
    private readonly effects: Effects,
    private readonly alerts: AlertService,
  ) {}

  onModuleInit(): void {
    const settled = (): Promise<{ state: 'done' }> => Promise.resolve({ state: 'done' });
    this.effects.define<typeof Unknown>(tellOfUnknown, {
      payload: Unknown,
      // all of it is in the transaction that notes it, so there is nothing that could be unknown
      attempt: settled,
      reconcile: settled,
      onSettled: async (tx, told) => {
        for (const { payload } of told) {
          const { messageId, propertyId, hour = '' } = payload;
          const ofProperty = propertyId === null ? '' : `&propertyId=${propertyId}`;
          const [key, place] =
            messageId === null
              ? [`${propertyId ?? 'organization'}:${hour}`, `/deliveries?state=unknown${ofProperty}`]
              : [messageId, `/messages/${messageId}`];
          await this.alerts.raise(tx, { kind: 'deliveries-unknown', key, propertyId, place, data: {} });
        }
      },
    });
  }
}
