import { auditJobRpcs, DomainError, jobRpcs, readAuditExport, startAuditExport, type JobView } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { StubIdentity } from './support/stub-identity.js';
import { StubService } from './support/stub-service.js';

let url: string;
let token: string;
let audit: StubService;
const jobId = `job_audit_${newId('x').slice(2)}` as const;
const job: JobView = {
  id: jobId,
  orgId: newId('org'),
  name: 'audit.export',
  state: 'running',
  total: 2,
  counts: { waiting: 1, doing: 0, done: 1, skipped: 0, failed: 0, held: 0 },
  createdBy: `staff:${newId('stf')}`,
  createdAt: '2026-11-20T09:00:00.000Z',
  version: 5,
};

beforeAll(async () => {
  const deployment = await gatewayDeployment();
  const identity = await StubIdentity.start(deployment);
  const owners = await StubService.all(deployment);
  for (const owner of owners) owner.handle(jobRpcs(owner.name).listJobs, () => ({ items: [], nextCursor: null }));
  audit = owners.find(({ name }) => name === 'audit')!;
  url = (await startGateway(deployment)).url;
  token = identity.signIn({ 'accounts.audit': 'full' }).token;
  audit.handle(startAuditExport, () => ({ jobId }));
  audit.handle(auditJobRpcs.getJob, () => job);
  audit.handle(auditJobRpcs.cancelJob, () => ({ ...job, state: 'cancelling' as const }));
  audit.handle(auditJobRpcs.listJobs, ({ cursor, limit }) =>
    cursor === undefined
      ? { items: [job], nextCursor: `after ${String(limit)}` }
      : { items: [{ ...job, createdAt: '2026-11-19T09:00:00.000Z' }], nextCursor: null },
  );
  audit.handle(readAuditExport, ({ jobId: asked, part }) => {
    if (asked !== jobId) throw new DomainError('conflict.state', 'The export is not finished.');
    return { part, parts: 3, format: 'csv' as const, content: `line ${part}\n`, expiresAt: job.createdAt };
  });
});

describe('a job', () => {
  it('is where the Location of what started it leads', async () => {
    const started = await ask(url, '/v1/audit/exports', { token, method: 'POST', json: { format: 'csv' } });
    expect([started.status, started.headers.get('location'), started.body]).toEqual([202, `/v1/jobs/${jobId}`, { jobId }]);
    const reply = await ask(url, `/v1/jobs/${jobId}`, { token });
    expect([reply.status, reply.body, reply.headers.get('etag')]).toEqual([200, job, '"5"']);
  });

  it('is asked of the service that its id names; of a service that does no jobs there is none', async () => {
    expect((await ask(url, `/v1/jobs/${jobId}/cancel`, { token, method: 'POST' })).body.state).toBe('cancelling');
    for (const service of ['nobody', 'identity', 'gateway']) {
      const reply = await ask(url, `/v1/jobs/${jobId.replace('audit', service)}`, { token });
      expect([reply.status, reply.body.code]).toEqual([404, 'not-found']);
    }
  });

  it('is listed, page by page', async () => {
    const first = await ask(url, '/v1/jobs?limit=1', { token });
    expect([first.status, first.body.items]).toEqual([200, [job]]);
    const second = await ask(url, `/v1/jobs?limit=1&cursor=${first.body.nextCursor}`, { token });
    expect([second.body.items.length, second.body.nextCursor]).toEqual([1, null]);
    expect((await ask(url, '/v1/jobs?cursor=nonsense', { token })).body.code).toBe('cursor.invalid');
  });
});

describe('a finished export', () => {
  it('is downloaded as one file of all its parts', async () => {
    const reply = await ask(url, `/v1/audit/exports/${jobId}/file`, { token });
    expect([reply.status, reply.text]).toEqual([200, 'line 0\nline 1\nline 2\n']);
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(reply.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\w+\.csv"$/);
  });

  it('that is not finished is a problem and no broken file', async () => {
    const reply = await ask(url, `/v1/audit/exports/job_audit_${newId('x').slice(2)}/file`, { token });
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict.state']);
  });
});
