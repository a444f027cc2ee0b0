import { PropertyId, ResidentId, TimelineEntry } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';

export const timelineEntryDef = defineCollection(
  'timeline_entries',
  tenantDoc.extend({
    residentId: ResidentId,
    propertyId: PropertyId,
    ...TimelineEntry.omit({ id: true, at: true }).shape,
    at: z.date(),
  }),
  { scope: 'org', indexes: [{ keys: { orgId: 1, residentId: 1, at: -1, _id: -1 } }] },
);
export type TimelineEntryDoc = DocOf<typeof timelineEntryDef>;

type Said = Pick<TimelineEntryDoc, 'residentId' | 'propertyId' | 'what' | 'text'> &
  Partial<Pick<TimelineEntryDoc, 'by' | 'source' | 'runId' | 'holdId' | 'changes'>>;

@Injectable()
export class TimelineEntryRepository extends TenantRepository<typeof timelineEntryDef> {
  constructor(
    db: Database,
    @Inject(IDS) private readonly ids: Ids,
  ) {
    super(db, timelineEntryDef);
  }

  /** Beside the change that it tells of. */
  async record(tx: Tx, entries: readonly Said[]): Promise<void> {
    const { cause } = tx;
    const by = cause.kind === 'call' ? cause.actor.ref : cause.actor;
    const usual = { by, source: by.startsWith('service:') ? ('system' as const) : ('staff' as const), changes: [] };
    await this.insertMany(
      tx,
      entries.map((said) => ({ ...usual, ...said, _id: this.ids.next('tml'), orgId: tx.orgId, at: tx.now })),
    );
  }
}

/** One entry about one resident. */
export const recordTimeline = (tx: Tx, timeline: TimelineEntryRepository, said: Said): Promise<void> =>
  timeline.record(tx, [said]);
