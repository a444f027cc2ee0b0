import { JobId, NoWelcomeReason, ResidentId } from '@leasewire/contracts';
import { Database, defineCollection, Due, dueIndexes, TenantRepository, tenantDoc, type DocOf } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** What came of one item of a Go Live, until the job has taken it over. */
export const goLiveOutcomeDef = defineCollection(
  'go_live_outcomes',
  tenantDoc.extend({
    jobId: JobId,
    residentId: ResidentId,
    outcome: z.discriminatedUnion('is', [
      z.object({ is: z.literal('imported'), mail: z.enum(['queued', 'planned', 'none']), reason: NoWelcomeReason.nullable() }),
      z.object({ is: z.literal('left') }),
      z.object({ is: z.literal('failed'), message: z.string() }),
    ]),
    due: Due.optional(),
  }),
  { scope: 'org', indexes: [...dueIndexes] },
);
export type GoLiveOutcomeDoc = DocOf<typeof goLiveOutcomeDef>;

@Injectable()
export class GoLiveOutcomeRepository extends TenantRepository<typeof goLiveOutcomeDef> {
  constructor(db: Database) {
    super(db, goLiveOutcomeDef);
  }
}
