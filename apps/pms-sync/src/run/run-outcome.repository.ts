import { Decision, ResidentId, SyncOutcome, SyncRunId, type PersonOutcome, type RunOutcome } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf, type Tx } from '@leasewire/persistence';
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
      { keys: { orgId: 1, residentId: 1 } },
      { keys: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ],
  },
);
export type RunOutcomeDoc = DocOf<typeof runOutcomeDef>;
const keptMs = 90 * 86_400_000;

@Injectable()
export class RunOutcomeRepository extends TenantRepository<typeof runOutcomeDef> {
  constructor(db: Database) {
    super(db, runOutcomeDef);
  }

  /** What a run came to of these people, in the place of what it came to of them before. */
  async note(
    tx: Tx,
    { orgId, runId }: Pick<RunOutcomeDoc, 'orgId' | 'runId'>,
    outcomes: readonly PersonOutcome[],
  ): Promise<void> {
    if (outcomes.length === 0) return;
    const expiresAt = new Date(tx.now.getTime() + keptMs);
    const rows = outcomes.map(({ announced: _, reason, ...outcome }) => ({
      _id: `${runId}:${outcome.upstreamId}`,
      orgId,
      runId,
      ...outcome,
      ...(reason && { reason }),
      expiresAt,
    }));
    await this.removeMany(tx, { orgId, _id: { $in: rows.map(({ _id }) => _id) } });
    await this.insertMany(tx, rows);
  }
}

export function toRunOutcome(doc: RunOutcomeDoc): RunOutcome {
  const { upstreamId, residentId, name, unit, outcome, decision, reason } = doc;
  return { upstreamId, residentId, name, unit, outcome, light: lightOf(outcome), decision, ...(reason && { reason }) };
}
