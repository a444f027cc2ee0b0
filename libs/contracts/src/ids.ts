import { z } from 'zod';

/**
 * Ids are a prefix that names the kind and a 26-character body that sorts by time (48 bits of milliseconds, 80 random),
 * in lower-case Crockford base 32. The type carries the prefix, so a person's id never compiles as a resident's.
 */
export const idAlphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const body = /^[0-9a-hjkmnp-tv-z]{26}$/;

export function idSchema<const P extends string>(prefix: P, describe: string) {
  return z.templateLiteral([`${prefix}_`, z.string().regex(body)]).describe(describe);
}

/** Every kind of id, once. A new kind is a line here. */
export const OrgId = idSchema('org', 'An organization');
export const PropertyId = idSchema('prop', 'A property');
export const StaffId = idSchema('stf', 'A staff member');
export const RoleId = idSchema('rol', 'A role: a named set of permissions');
export const SessionId = idSchema('ses', 'A signed-in session');
export const ApiKeyId = idSchema('key', 'An API key');
export const InviteId = idSchema('inv', 'A staff invitation or password-reset link');
export const PersonId = idSchema('per', 'A human, one per organization');
export const ResidentId = idSchema('res', 'A person in one property');
export const ResidentViewId = idSchema('look', 'Staff looking at what a resident sees');
export const UnitId = idSchema('unit', 'A unit; in a strata a lot');
export const BuildingId = idSchema('bld', 'A building');
export const BedroomId = idSchema('bed', 'A bedroom');
export const OccupancyId = idSchema('occ', 'A resident in a unit, from–to');
export const UpcomingChangeId = idSchema('upc', 'A move that is known and has not happened');
export const SavedViewId = idSchema('view', 'A saved view of a list');
export const ConnectionId = idSchema('con', 'A connection to a PMS');
export const SyncRunId = idSchema('run', 'A sync run');
export const HoldId = idSchema('hold', 'Removals that wait for a person');
export const CsvImportId = idSchema('imp', 'An uploaded CSV file');
export const AttachmentId = idSchema('att', 'A file that goes with a message');
export const DeliveryId = idSchema('dlv', 'One message to one person by one channel');
export const MessageId = idSchema('msg', 'A message to one, several or many');
export const SuppressionId = idSchema('sup', 'An address that is not written to any more');
export const ConsentId = idSchema('cns', 'A line of the consent ledger');
export const InboundTextId = idSchema('txt', 'A text that somebody sent us');
export const TemplateId = idSchema('tpl', 'Own texts of a template');
export const EventId = idSchema('evt', 'An event');
export const AuditEntryId = idSchema('aud', 'An entry of the audit chain');
export const GoLiveId = idSchema('gol', 'A Go Live');
export const InvitationId = idSchema('invi', 'An activation link that was mailed to a person');

export type OrgId = z.infer<typeof OrgId>;
export type PropertyId = z.infer<typeof PropertyId>;
export type StaffId = z.infer<typeof StaffId>;
export type RoleId = z.infer<typeof RoleId>;
export type SessionId = z.infer<typeof SessionId>;
export type ApiKeyId = z.infer<typeof ApiKeyId>;
export type InviteId = z.infer<typeof InviteId>;
export type PersonId = z.infer<typeof PersonId>;
export type ResidentId = z.infer<typeof ResidentId>;
export type ResidentViewId = z.infer<typeof ResidentViewId>;
export type UnitId = z.infer<typeof UnitId>;
export type BuildingId = z.infer<typeof BuildingId>;
export type BedroomId = z.infer<typeof BedroomId>;
export type OccupancyId = z.infer<typeof OccupancyId>;
export type UpcomingChangeId = z.infer<typeof UpcomingChangeId>;
export type SavedViewId = z.infer<typeof SavedViewId>;
export type ConnectionId = z.infer<typeof ConnectionId>;
export type SyncRunId = z.infer<typeof SyncRunId>;
export type HoldId = z.infer<typeof HoldId>;
export type CsvImportId = z.infer<typeof CsvImportId>;
export type AttachmentId = z.infer<typeof AttachmentId>;
export type DeliveryId = z.infer<typeof DeliveryId>;
export type MessageId = z.infer<typeof MessageId>;
export type SuppressionId = z.infer<typeof SuppressionId>;
export type ConsentId = z.infer<typeof ConsentId>;
export type InboundTextId = z.infer<typeof InboundTextId>;
export type TemplateId = z.infer<typeof TemplateId>;
export type EventId = z.infer<typeof EventId>;
export type AuditEntryId = z.infer<typeof AuditEntryId>;
export type GoLiveId = z.infer<typeof GoLiveId>;
export type InvitationId = z.infer<typeof InvitationId>;

/** A job's id names the service that does the work, so that anyone knows whom to ask: `job_audit_…`. */
export const JobId = z
  .templateLiteral(['job_', z.string().regex(/^[a-z]+(-[a-z]+)*$/), '_', z.string().regex(body)])
  .describe('A job; the middle part names the service that does the work');
export type JobId = z.infer<typeof JobId>;

export function serviceOfJob(id: JobId): string {
  return id.slice('job_'.length, id.lastIndexOf('_'));
}
