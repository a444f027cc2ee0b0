import { z } from 'zod';
import { defineEvent, defineRpc, type EventContract } from './define.js';
import { JobId, OrgId } from './ids.js';
import { ActorRef, Instant, pageOf, PageQuery } from './words.js';

/**
 * `preparing`: its items are still being found. `running`: also while it waits for its turn. `cancelling`: what is not
 * begun will be skipped. `failed`: its items could not be found, `reason` says why; failed items do not fail a job.
 */
export const JobState = z
  .enum(['preparing', 'running', 'cancelling', 'done', 'cancelled', 'failed'])
  .meta({ id: 'JobState', description: 'What a job is at' });
export type JobState = z.infer<typeof JobState>;

/** `doing`: begun, and its outcome comes later. `held`: a person must decide. */
export const JobItemState = z
  .enum(['waiting', 'doing', 'done', 'skipped', 'failed', 'held'])
  .meta({ id: 'JobItemState', description: 'What one item of a job is at' });
export type JobItemState = z.infer<typeof JobItemState>;

const count = z.int().nonnegative();
export const JobCounts = z
  .object({ waiting: count, doing: count, done: count, skipped: count, failed: count, held: count })
  .meta({ id: 'JobCounts', description: 'How many items are in each state' });
export type JobCounts = z.infer<typeof JobCounts>;

export const JobView = z
  .object({
    id: JobId,
    orgId: OrgId,
    name: z.string().describe('Which job: `audit.export`'),
    state: JobState,
    total: count.describe('Items found so far; all of them once it is no longer preparing'),
    counts: JobCounts,
    reason: z.string().optional().describe('Why it failed'),
    createdBy: ActorRef,
    createdAt: Instant,
    startedAt: Instant.optional(),
    finishedAt: Instant.optional(),
    version: z.int().nonnegative(),
  })
  .meta({ id: 'Job' });
export type JobView = z.infer<typeof JobView>;

export const JobItemView = z
  .object({
    key: z.string().describe('What the item is about, such as the id of a resident'),
    state: JobItemState,
    outcome: z.unknown().optional().describe('What came of it, as the job declares'),
    reason: z.object({ code: z.string(), message: z.string() }).optional().describe('Why it was skipped, failed or is held'),
    at: Instant,
  })
  .meta({ id: 'JobItem' });
export type JobItemView = z.infer<typeof JobItemView>;

/**
 * What every service answers about its jobs. Anyone may ask; what is seen, cancelled or retried is decided by the
 * permission of the job itself, so a job that the caller may not see does not exist for them.
 */
export function jobRpcs(service: string) {
  const one = z.object({ jobId: JobId });
  return {
    getJob: defineRpc(`${service}.get-job`, {
      does: 'query',
      input: one,
      output: JobView,
      errors: ['not-found'],
      permission: 'member',
      describe: 'One job with its progress.',
    }),
    listJobs: defineRpc(`${service}.list-jobs`, {
      does: 'query',
      input: PageQuery.extend({ name: z.string().max(100).optional(), state: JobState.optional() }),
      output: pageOf(JobView),
      errors: ['cursor.invalid'],
      permission: 'member',
      describe: 'The jobs that the caller may see, newest first.',
    }),
    listJobItems: defineRpc(`${service}.list-job-items`, {
      does: 'query',
      input: PageQuery.extend({ jobId: JobId, state: JobItemState.optional() }),
      output: pageOf(JobItemView),
      errors: ['not-found', 'cursor.invalid'],
      permission: 'member',
      describe: 'The items of a job in their order, each with its outcome.',
    }),
    cancelJob: defineRpc(`${service}.cancel-job`, {
      does: 'command',
      input: one,
      output: JobView,
      errors: ['not-found', 'conflict.state'],
      permission: 'member',
      describe: 'Stops a job: items that have not begun are skipped, what is done stays done.',
    }),
    retryFailedJob: defineRpc(`${service}.retry-failed-job`, {
      does: 'command',
      input: one,
      output: JobView,
      errors: ['not-found', 'conflict.state'],
      permission: 'member',
      describe: 'Does the failed items of a finished job once more.',
    }),
  } as const;
}

/** `<service>.job.changed`: at most one a second and job while it runs, and always one at its end. */
export function jobChanged(service: string, view: EventContract['view'] = 'service') {
  return defineEvent(`${service}.job.changed`, 1, JobView, {
    describe: 'A job began, got on, or ended.',
    view,
    example: {
      id: `job_${service}_01k9zq3v7m8n2p4r6s8t0v2w4x`,
      orgId: 'org_01k9zq3v7m8n2p4r6s8t0v2w4x',
      name: `${service}.export`,
      state: 'running',
      total: 120,
      counts: { waiting: 20, doing: 0, done: 97, skipped: 1, failed: 2, held: 0 },
      createdBy: 'staff:stf_01k9zq3v7m8n2p4r6s8t0v2w4x',
      createdAt: '2026-11-20T10:00:00Z',
      startedAt: '2026-11-20T10:00:00Z',
      version: 7,
    },
  });
}
