import { eventSubject, type Envelope, type EventContract, type EventId } from '@leasewire/contracts';
import type { Cause } from '@leasewire/messaging';
import type { OrgId, PropertyId } from '@leasewire/contracts';
import { z } from 'zod';

/** An event on its way out. `pending` is there until it was published or parked. */
export interface OutboxRow {
  readonly _id: string;
  readonly aggregate: string;
  readonly epoch: number;
  readonly version: number;
  /** Its place among the events of one transaction. */
  readonly n: number;
  readonly subject: string;
  /** The envelope as it goes over the wire. */
  readonly envelope: string;
  readonly at: Date;
  readonly pending?: true;
  readonly publishedAt?: Date;
  readonly attempts?: number;
  readonly parkedAt?: Date;
  readonly reason?: string;
}

/** nats-server refuses more than 1 MiB with its headers; a larger event must fail where it is made, not where it leaves. */
const largest = 1_000_000;

export interface EventParts<C extends EventContract> {
  readonly contract: C;
  readonly data: z.input<C['schema']>;
  readonly id: EventId;
  readonly aggregate: string;
  readonly version: number;
  readonly epoch: number;
  readonly n: number;
  readonly orgId: OrgId;
  readonly propertyId: PropertyId | undefined;
  readonly at: Date;
  readonly cause: Cause;
  readonly service: string;
}

export function outboxRow<C extends EventContract>(parts: EventParts<C>): OutboxRow {
  const { contract, cause, service, orgId, aggregate, version, epoch, n, id, at } = parts;
  if (contract.service !== service)
    throw new Error(`${contract.type} belongs to ${contract.service}; ${service} may only publish its own events`);
  const data = contract.schema.safeParse(parts.data);
  if (!data.success)
    throw new TypeError(`The data of ${contract.type} does not fit its contract: ${z.prettifyError(data.error)}`);
  const causationId = causationOf(cause);
  const traceparent = 'traceparent' in cause ? cause.traceparent : undefined;
  const event: Envelope = {
    specversion: '1.0',
    id,
    source: `/leasewire/${service}`,
    type: contract.type,
    subject: aggregate,
    time: at.toISOString(),
    datacontenttype: 'application/json',
    orgid: orgId,
    ...(parts.propertyId !== undefined && { propertyid: parts.propertyId }),
    correlationid: cause.correlationId,
    ...(causationId !== undefined && { causationid: causationId }),
    actor: cause.kind === 'call' ? cause.actor.ref : cause.actor,
    ...(traceparent !== undefined && { traceparent }),
    entityversion: version,
    entityepoch: epoch,
    data: data.data,
  };
  const envelope = JSON.stringify(event);
  const bytes = Buffer.byteLength(envelope);
  if (bytes > largest)
    throw new RangeError(
      `${contract.type} of ${aggregate} is ${bytes} bytes; more than ${largest} cannot be published. Split its entity.`,
    );
  return { _id: id, aggregate, epoch, version, n, subject: eventSubject(contract, orgId), envelope, at, pending: true };
}

function causationOf(cause: Cause): string | undefined {
  if (cause.kind === 'fact') return cause.id;
  return cause.kind === 'system' ? cause.causationId : undefined;
}
