import { Decision, ResidentId, SyncOutcome, SyncRunId, type RunOutcome } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf, type New } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { lightOf } from './run.rules.js';

export const runOutcomeDef = defineCollection(
  'run_outcomes',
  tenantDoc.extend({
    runId: SyncRunId,
    upstreamId: z.string(),
    residentId: ResidentId.nullable(),
    name: z.string(),
    unit: z.string().nullable(),
    outcome: SyncOutcome,
    decision: Decision,
    reason: z.object({ code: z.string(), message: z.string() }).optional(),
    expiresAt: z.date(),
  }),
  {
    scope: 'org',
    indexes: [
      { keys: { orgId: 1, runId: 1, outcome: 1, _id: 1 } },
      { keys: { orgId: 1, runId: 1, _id: 1 } },
      { keys: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
export type RunOutcomeDoc = DocOf<typeof runOutcomeDef>;
export type NewOutcome = New<RunOutcomeDoc>;

@Injectable()
export class RunOutcomeRepository extends TenantRepository<typeof runOutcomeDef> {
  constructor(db: Database) {
    super(db, runOutcomeDef);
  }
}

export function toRunOutcome(doc: RunOutcomeDoc): RunOutcome {
  const { upstreamId, residentId, name, unit, outcome, decision, reason } = doc;
  return { upstreamId, residentId, name, unit, outcome, light: lightOf(outcome), decision, ...(reason && { reason }) };
}
