import { z } from 'zod';
import { defineErrors } from '../errors.js';
import { defineEvent, defineJob, defineRpc } from '../define.js';
import { AuditEntryId, JobId, OrgId, PersonId, PropertyId, StaffId } from '../ids.js';
import { jobChanged, jobRpcs } from '../jobs.js';
import { ActorRef, Instant, PageQuery, pageOf } from '../words.js';
import { AuditEntry, ChainHead, RetentionPolicy, Verification } from './words.js';

export * from './words.js';

const at = '2026-11-20T09:00:00.000Z';
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';

export const AuditFilter = z.object({
  actor: ActorRef.optional(),
  entity: z.string().max(100).optional().describe('Id of the thing'),
  propertyId: PropertyId.optional(),
  type: z.string().max(120).optional().describe('Type of event, or its first words: `identity.staff`'),
  correlationId: z.string().max(100).optional(),
  from: Instant.optional().describe('Happened then or later'),
  until: Instant.optional().describe('Happened before then'),
  text: z.string().trim().min(2).max(100).optional().describe('Whole words in what happened, names included; all must be there'),
});

export const listAuditEntries = defineRpc('audit.list-entries', {
  does: 'query',
  input: z.object({
    ...PageQuery.shape,
    ...AuditFilter.shape,
    sort: z.enum(['at', '-at']).default('-at'),
    withTotal: z.stringbool().or(z.boolean()).default(false),
  }),
  output: pageOf(AuditEntry),
  errors: ['cursor.invalid'],
  permission: 'accounts.audit:view',
  describe: 'Who did what, when: newest first.',
});
export const getAuditEntry = defineRpc('audit.get-entry', {
  does: 'query',
  input: z.object({ entryId: AuditEntryId }),
  output: AuditEntry,
  errors: ['not-found'],
  permission: 'accounts.audit:view',
  describe: 'One entry of the chain.',
});
export const verifyAudit = defineRpc('audit.verify', {
  does: 'query',
  input: z.object({
    head: ChainHead.optional().describe('A head exported earlier: also proves that nothing before it was cut or rewritten'),
    from: z
      .int()
      .positive()
      .optional()
      .describe('Only from this sequence on; the next stretch begins at `to` + 1 of the one before'),
    until: z
      .int()
      .positive()
      .optional()
      .describe('Only up to this sequence: 100,000 at a time are well within the time of a request'),
  }),
  output: Verification,
  errors: ['unavailable', 'audit.chain-too-long'],
  permission: 'accounts.audit:view',
  describe: 'Walk the chain of the organization and name every entry that was changed, removed or inserted.',
  timeoutMs: 30_000,
});
export const exportAuditHead = defineRpc('audit.get-head', {
  does: 'query',
  input: z.object({}),
  output: ChainHead,
  errors: ['not-found'],
  permission: 'accounts.audit:view',
  describe: 'The signed head of the chain, to keep elsewhere.',
});
export const getAuditRetention = defineRpc('audit.get-retention', {
  does: 'query',
  input: z.object({}),
  output: RetentionPolicy,
  permission: 'accounts.audit:view',
  describe: 'How long entries are kept.',
});
export const setAuditRetention = defineRpc('audit.set-retention', {
  does: 'command',
  input: z.object({ days: RetentionPolicy.shape.days, version: z.int().optional() }),
  output: RetentionPolicy,
  errors: ['conflict.version', 'forbidden'],
  permission: 'accounts.audit:full',
  describe: 'Change how long entries are kept; older ones are retired within a day, the chain stays verifiable.',
});
export const eraseAuditPerson = defineRpc('audit.erase-person', {
  does: 'command',
  input: z.object({ personId: PersonId.or(StaffId) }),
  output: z.object({ erased: z.boolean().describe('false: they were erased before') }),
  errors: ['forbidden'],
  permission: 'accounts.audit:full',
  describe:
    'Delete the key under which the personal fields of a person are kept: they cannot be read again, the chain stays whole.',
});
export const startAuditExport = defineRpc('audit.start-export', {
  does: 'command',
  input: z.object({ filter: AuditFilter.default({}), format: z.enum(['ndjson', 'csv']) }),
  output: z.object({ jobId: JobId }),
  permission: 'accounts.audit:view',
  describe: 'Export entries as a file, as a job.',
});
export const readAuditExport = defineRpc('audit.read-export', {
  does: 'query',
  input: z.object({ jobId: JobId, part: z.int().nonnegative() }),
  output: z.object({ part: z.int(), parts: z.int(), format: z.enum(['ndjson', 'csv']), content: z.string(), expiresAt: Instant }),
  errors: ['not-found', 'conflict.state'],
  permission: 'accounts.audit:view',
  describe: 'A part of a finished export.',
});

/** A part fits one reply of the broker; large exports have many. Parts are numbered from 0 and kept for a day. */
export const auditExportJob = defineJob('audit.export', {
  input: z.object({ filter: AuditFilter, format: z.enum(['ndjson', 'csv']) }),
  item: z.object({ entries: z.int() }),
  permission: 'accounts.audit:view',
  describe: 'Write the entries that match a filter into a file of parts.',
});

export const auditRetentionChanged = defineEvent(
  'audit.retention.changed',
  1,
  z.object({ orgId: OrgId, retention: RetentionPolicy }),
  {
    describe: 'How long audit entries are kept changed.',
    view: 'accounts.audit:view',
    example: { orgId: `org_${body}`, retention: { days: 365, version: 2 } },
  },
);
export const auditChainBroken = defineEvent('audit.chain.broken', 1, z.object({ orgId: OrgId, verification: Verification }), {
  describe: 'A verification found that somebody changed the chain outside the service.',
  view: 'accounts.audit:view',
  example: {
    orgId: `org_${body}`,
    verification: {
      intact: false,
      entries: 120,
      from: 1,
      to: 120,
      heads: 3,
      head: null,
      faults: [{ kind: 'changed', seq: 17, entryId: `aud_${body}`, message: 'Entry 17 is not what was recorded.' }],
      tookMs: 12,
    },
  },
});
export const auditExported = defineEvent(
  'audit.export.finished',
  1,
  z.object({ jobId: JobId, entries: z.int(), format: z.enum(['ndjson', 'csv']), at: Instant }),
  {
    describe: 'Somebody exported the audit record.',
    view: 'accounts.audit:view',
    example: { jobId: `job_audit_${body}`, entries: 120, format: 'ndjson', at },
  },
);

export const auditHeadSigned = defineEvent('audit.head.signed', 1, z.object({ head: ChainHead }), {
  describe: 'The head of an audit chain, signed: at most once a minute, and only when something else was recorded since.',
  view: 'accounts.audit:view',
  example: {
    head: { orgId: `org_${body}`, seq: 120, hash: 'c0ffee'.repeat(10), at, keyId: '5f1d0a9be37c2284', signature: 'mA…' },
  },
});
export const auditPersonErased = defineEvent('audit.person.erased', 1, z.object({ personId: PersonId.or(StaffId) }), {
  describe: 'The key to the personal fields of a person was deleted; they cannot be read again.',
  view: 'accounts.audit:view',
  example: { personId: `per_${body}` },
});
export const auditEntriesRetired = defineEvent(
  'audit.entries.retired',
  1,
  z.object({ orgId: OrgId, upTo: z.int().positive().describe('Sequence of the last one retired'), hash: z.string() }),
  {
    describe: 'Entries older than the retention policy wants were removed from the beginning of the chain.',
    view: 'accounts.audit:view',
    example: { orgId: `org_${body}`, upTo: 80, hash: 'c0ffee'.repeat(10) },
  },
);
export const auditJobChanged = jobChanged('audit', 'accounts.audit:view');
export const auditJobRpcs = jobRpcs('audit');

export const auditErrors = defineErrors({
  'audit.chain-too-long': {
    status: 422,
    describe:
      'The chain cannot be verified in the time of one request; `details.verified` says how many entries were found right until then. Ask for a stretch of it (`from`, `until`); the command `verify` of the service has the time for all.',
  },
});
export const auditContracts = {
  events: [
    auditRetentionChanged,
    auditEntriesRetired,
    auditChainBroken,
    auditHeadSigned,
    auditPersonErased,
    auditExported,
    auditJobChanged,
  ],
  rpcs: [
    listAuditEntries,
    getAuditEntry,
    verifyAudit,
    exportAuditHead,
    getAuditRetention,
    setAuditRetention,
    eraseAuditPerson,
    startAuditExport,
    readAuditExport,
    ...Object.values(auditJobRpcs),
  ],
  jobs: [auditExportJob],
  errors: auditErrors,
} as const;
