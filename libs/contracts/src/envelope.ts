import { z } from 'zod';
import type { DataOf, EventContract } from './define.js';
import { EventId, OrgId, PropertyId } from './ids.js';
import { ActorRef, Instant } from './words.js';

/**
 * What travels on `evt.>`: CloudEvents 1.0, structured JSON. Extension attributes are lower-case and scalar, as the
 * specification wants. Unknown attributes are let through: a newer publisher may add some.
 */
export const Envelope = z.looseObject({
  specversion: z.literal('1.0'),
  id: EventId,
  source: z
    .string()
    .regex(/^\/leasewire\/[a-z-]+$/)
    .describe('`/leasewire/<service>`'),
  type: z.string().describe('`<service>.<entity>.<past-tense>.v<N>`'),
  subject: z.string().describe('The id of the aggregate whose version `entityversion` counts'),
  time: Instant,
  datacontenttype: z.literal('application/json'),
  orgid: OrgId,
  propertyid: PropertyId.optional(),
  correlationid: z.string().max(100),
  causationid: z.string().max(100).optional().describe('The event or call that caused this one'),
  actor: ActorRef,
  traceparent: z.string().max(100).optional(),
  entityversion: z
    .int()
    .nonnegative()
    .describe(
      'Counts per aggregate. Ignore what is lower than what you have, not what is equal: one change may be told by several events of one version, all with the same state',
    ),
  entityepoch: z.int().nonnegative().describe('Bumped when the database was restored; compare it before the version'),
  data: z.unknown(),
});
export type Envelope = z.infer<typeof Envelope>;

/**
 * An event as a handler sees it: validated, camel-cased, with the name of the handler that reads it. `out`: without it the
 * compiler takes the fact of one contract for the fact of any other.
 */
export interface Fact<out C extends EventContract = EventContract> {
  readonly kind: 'fact';
  readonly id: EventId;
  readonly type: string;
  readonly service: string;
  readonly subject: string;
  readonly time: Date;
  readonly orgId: OrgId;
  readonly propertyId?: PropertyId;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly actor: ActorRef;
  readonly traceparent?: string;
  readonly version: EntityVersion;
  readonly data: DataOf<C>;
  /** The durable handler reading it: the inbox is keyed by handler and event. */
  readonly handler: string;
  /** Position in its stream and how often it was delivered before. */
  readonly seq: number;
  readonly attempt: number;
}

export interface EntityVersion {
  readonly epoch: number;
  readonly version: number;
}

/** Is `a` newer than `b`? Nothing known yet is older than anything. */
export function isNewer(a: EntityVersion, b: EntityVersion | undefined): boolean {
  if (!b) return true;
  return a.epoch !== b.epoch ? a.epoch > b.epoch : a.version > b.version;
}
