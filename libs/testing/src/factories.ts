import {
  Envelope,
  eventSubject,
  type ActorRef,
  type EventContract,
  type Fact,
  type OrgId,
  type Permissions,
  type PropertyScope,
  type RpcContract,
  type StaffId,
} from '@leasewire/contracts';
import { Call, newId, type Actor, type OutgoingEvent, type SystemCause } from '@leasewire/messaging';

/** Subjects and causes for tests, complete and harmless until a test says otherwise. */

export const newOrgId = (): OrgId => newId('org');
export const newStaffId = (): StaffId => newId('stf');

export interface ActorOptions {
  readonly orgId?: OrgId | null;
  readonly staffId?: StaffId;
  readonly permissions?: Permissions | 'all';
  readonly properties?: PropertyScope;
  readonly name?: string;
}

export function staffActor({
  orgId = newOrgId(),
  staffId = newStaffId(),
  permissions = 'all',
  properties = 'all',
  name,
}: ActorOptions = {}): Actor {
  return { ref: `staff:${staffId}`, orgId, permissions, properties, ...(name !== undefined && { name }) };
}

export function serviceActor(service: string, orgId: OrgId | null = newOrgId()): Actor {
  return { ref: `service:${service}`, orgId, permissions: 'all', properties: 'all' };
}

export interface CallOf {
  readonly method?: string | Pick<RpcContract, 'name'>;
  readonly input?: unknown;
  readonly idempotencyKey?: string;
  readonly correlationId?: string;
  readonly assertion?: string;
}

/** A call as its handler sees it, its actor already verified. */
export function callBy(
  actor: Actor,
  { method = 'test.do', input = {}, idempotencyKey, correlationId, assertion }: CallOf = {},
): Call {
  return new Call({
    method: typeof method === 'string' ? method : method.name,
    actor,
    assertion: assertion ?? 'not-checked-in-unit-tests',
    correlationId: correlationId ?? newId('cor'),
    idempotencyKey,
    rawInput: Buffer.from(JSON.stringify(input)),
  });
}

export const staffCall = (options: ActorOptions & CallOf = {}): Call => callBy(staffActor(options), options);
export const serviceCall = (service: string, options: { readonly orgId?: OrgId | null } & CallOf = {}): Call =>
  callBy(serviceActor(service, options.orgId === undefined ? newOrgId() : options.orgId), options);

/** The service out of its own accord. */
export function systemCall(service: string, orgId: OrgId = newOrgId()): SystemCause {
  return { kind: 'system', service, orgId, correlationId: newId('cor'), actor: `service:${service}` };
}

export interface FactOptions {
  readonly orgId?: OrgId;
  readonly actor?: ActorRef;
  readonly subject?: string;
  readonly version?: number;
  readonly epoch?: number;
  readonly time?: Date;
  readonly handler?: string;
  readonly seq?: number;
  readonly attempt?: number;
  readonly id?: Fact['id'];
  readonly correlationId?: string;
}

/** An event as a handler sees it; the contract's example where no data is given. */
export function factOf<C extends EventContract>(contract: C, data?: unknown, options: FactOptions = {}): Fact<C> {
  // The schema's output is DataOf<C>; TypeScript cannot follow that through a generic.
  const parsed = contract.schema.parse(data ?? contract.example) as Fact<C>['data'];
  return {
    kind: 'fact',
    id: options.id ?? newId('evt'),
    type: contract.type,
    service: contract.service,
    subject: options.subject ?? 'thing_1',
    time: options.time ?? new Date(),
    orgId: options.orgId ?? newOrgId(),
    correlationId: options.correlationId ?? newId('cor'),
    actor: options.actor ?? `service:${contract.service}`,
    version: { epoch: options.epoch ?? 1, version: options.version ?? 1 },
    data: parsed,
    handler: options.handler ?? 'test__handler',
    seq: options.seq ?? 1,
    attempt: options.attempt ?? 0,
  };
}

/** An event as its owner publishes it, for a test that plays the owner: `bus.publish(outgoing(organizationCreated, …))`. */
export function outgoing(
  contract: EventContract,
  { data, ...options }: FactOptions & { readonly data?: unknown } = {},
): OutgoingEvent {
  const { id, orgId, subject, time, correlationId, actor, version } = factOf(contract, data, options);
  const envelope = Envelope.parse({
    specversion: '1.0',
    id,
    source: `/leasewire/${contract.service}`,
    type: contract.type,
    subject,
    time: time.toISOString(),
    datacontenttype: 'application/json',
    orgid: orgId,
    correlationid: correlationId,
    actor,
    entityversion: version.version,
    entityepoch: version.epoch,
    data: data ?? contract.example,
  });
  return { subject: eventSubject(contract, orgId), envelope };
}
