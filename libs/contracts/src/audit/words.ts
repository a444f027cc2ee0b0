import { z } from 'zod';
import { AuditEntryId, EventId, OrgId, PropertyId } from '../ids.js';
import { ActorRef, Instant } from '../words.js';

export const AuditEntry = z
  .object({
    id: AuditEntryId,
    seq: z.int().positive().describe('Position in the chain of the organization, from 1, without gaps'),
    at: Instant.describe('When it happened'),
    recordedAt: Instant,
    actor: ActorRef,
    actorName: z.string().nullable().describe('As known when it was recorded; null after the person was erased'),
    type: z.string().describe('What happened: the type of the event'),
    what: z.string().describe('The same in words a person reads'),
    entity: z.string().describe('The id of the thing it happened to'),
    propertyId: PropertyId.nullable(),
    correlationId: z.string().describe('The same for everything that one request caused'),
    eventId: EventId,
    entityVersion: z.int().nonnegative().describe('Version of the thing: a late event has a lower one than those before it'),
    before: z.record(z.string(), z.unknown()).nullable().describe('Fields that changed, as they were; nested as in the event'),
    after: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe(
        'Fields that changed, as they are; everything of a new thing. What the event says beside its entity stands here too',
      ),
    erased: z.boolean().describe('Personal fields of somebody erased are missing: they read null, or “(erased)” within a text'),
    hash: z.string().describe('SHA-256 over this entry and the hash before it, hexadecimal'),
    previousHash: z.string(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const ChainHead = z
  .object({
    orgId: OrgId,
    seq: z.int().nonnegative(),
    hash: z.string(),
    at: Instant,
    keyId: z.string().describe('First 16 hexadecimal digits of the SHA-256 of the public key'),
    signature: z
      .string()
      .describe('Ed25519 over `leasewire-audit-head|orgId|seq|hash|at`, base64url; the key is kept outside the database'),
  })
  .meta({ id: 'AuditChainHead' });
export type ChainHead = z.infer<typeof ChainHead>;

export const ChainFault = z
  .object({
    kind: z.enum(['changed', 'removed', 'inserted', 'cut', 'head-forged']),
    seq: z.int().describe('Where; of several missing entries the first'),
    entryId: AuditEntryId.nullable().describe('null where the entry is gone or the fault is in a head'),
    message: z.string(),
  })
  .meta({ id: 'AuditChainFault' });
export type ChainFault = z.infer<typeof ChainFault>;

export const Verification = z
  .object({
    intact: z.boolean(),
    entries: z.int().nonnegative().describe('How many were checked'),
    from: z.int().describe('First sequence there must be: older ones were retired by the retention policy'),
    to: z.int().describe('Last sequence there must be; less than `from` when there is none'),
    heads: z.int().nonnegative().describe('Signed heads the chain was compared with: in the database, in the heads file, given'),
    head: ChainHead.nullable(),
    faults: z.array(ChainFault).max(100).describe('The first hundred'),
    tookMs: z.int(),
  })
  .meta({ id: 'AuditVerification' });
export type Verification = z.infer<typeof Verification>;

export const RetentionPolicy = z
  .object({ days: z.int().min(30).max(3650).nullable().describe('null keeps everything'), version: z.int() })
  .meta({ id: 'AuditRetentionPolicy' });
