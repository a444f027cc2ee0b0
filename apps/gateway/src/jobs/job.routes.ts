import {
  DomainError,
  JobId,
  JobState,
  JobView,
  jobRpcs,
  PageQuery,
  pageOf,
  rpcByName,
  serviceOfJob,
  type RpcContract,
} from '@leasewire/contracts';
import { z } from 'zod';
import { defineRoutes, get, memberRoute, post } from '../routing/route.js';
import { JobHandlers } from './job.handlers.js';

/** A job lives in the service that does the work. Each answers the same calls; here they stand for all of them. */
const { getJob, listJobItems, cancelJob, retryFailedJob } = jobRpcs('audit');

/** The id of a job names the service that is asked. */
const byJobId =
  (contract: RpcContract) =>
  ({ jobId }: Readonly<Record<string, unknown>>): RpcContract => {
    const service = serviceOfJob(JobId.parse(jobId));
    const asked = rpcByName(`${service}${contract.name.slice(contract.name.indexOf('.'))}`);
    if (!asked) throw new DomainError('not-found', 'There is no such job.');
    return asked;
  };

export const JobQuery = z.object({ ...PageQuery.shape, name: z.string().max(100).optional(), state: JobState.optional() });

export const jobRoutes = defineRoutes(
  'Jobs',
  'Work that goes on after a reply: its progress, its items, cancelling, trying again.',
  [
    memberRoute(
      'GET',
      '/v1/jobs',
      {
        operationId: 'listJobs',
        summary: 'List jobs',
        description: 'Jobs of all services that the caller may see; each page newest first.',
        input: JobQuery,
        replies: [{ status: 200, describe: 'A page of jobs', type: 'application/json', schema: pageOf(JobView) }],
        errors: ['cursor.invalid'],
      },
      (resolve) => {
        const handlers = resolve(JobHandlers);
        return (exchange, query, caller) => handlers.list(exchange, query, caller);
      },
    ),
    get('/jobs/:jobId', getJob, { summary: 'One job', contractFor: byJobId(getJob) }),
    get('/jobs/:jobId/items', listJobItems, { summary: 'The items of a job', contractFor: byJobId(listJobItems) }),
    post('/jobs/:jobId/cancel', cancelJob, { summary: 'Cancel a job', contractFor: byJobId(cancelJob) }),
    post('/jobs/:jobId/retry-failed', retryFailedJob, {
      summary: 'Do the failed items again',
      contractFor: byJobId(retryFailedJob),
    }),
  ],
);
