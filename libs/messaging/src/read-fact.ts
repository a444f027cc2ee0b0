import { Envelope, eventSubject, type EventContract, type Fact } from '@leasewire/contracts';
import { Undeliverable } from './delivery.rules.js';
import { fieldsOf } from './rpc-exchange.js';
import { utf8 } from './wire.js';

export interface DeliveredAs {
  readonly subject: string;
  readonly handler: string;
  readonly seq: number;
  /** This delivery included. */
  readonly deliveries: number;
}

/** From the bytes of an event to what its handler takes; throws `Undeliverable` with the reason. */
export function readFact(bytes: Uint8Array, contracts: readonly EventContract[] | 'all', as: DeliveredAs): Fact {
  const envelope = readEnvelope(bytes);
  assertOnItsSubject(envelope, as.subject);
  const service = envelope.type.slice(0, envelope.type.indexOf('.'));
  return {
    kind: 'fact',
    id: envelope.id,
    type: envelope.type,
    service,
    subject: envelope.subject,
    time: new Date(envelope.time),
    orgId: envelope.orgid,
    ...(envelope.propertyid !== undefined && { propertyId: envelope.propertyid }),
    correlationId: envelope.correlationid,
    ...(envelope.causationid !== undefined && { causationId: envelope.causationid }),
    actor: envelope.actor,
    ...(envelope.traceparent !== undefined && { traceparent: envelope.traceparent }),
    version: { epoch: envelope.entityepoch, version: envelope.entityversion },
    data: readData(envelope, contracts),
    handler: as.handler,
    seq: as.seq,
    attempt: as.deliveries - 1,
  };
}

export function readEnvelope(bytes: Uint8Array): Envelope {
  let raw: unknown;
  try {
    raw = JSON.parse(utf8(bytes));
  } catch {
    throw new Undeliverable('undecodable', 'The message is not JSON.');
  }
  const parsed = Envelope.safeParse(raw);
  if (!parsed.success)
    throw new Undeliverable('invalid-envelope', `The envelope is wrong: ${JSON.stringify(fieldsOf(parsed.error))}`);
  return parsed.data;
}

/** Outside subscribers are limited by the subject; an envelope that says another organization would get around that. */
function assertOnItsSubject(envelope: Envelope, subject: string): void {
  const due = eventSubject(envelope, envelope.orgid);
  if (due !== subject) throw new Undeliverable('invalid-envelope', `The envelope belongs on ${due} and came on ${subject}.`);
  const source = `/leasewire/${envelope.type.slice(0, envelope.type.indexOf('.'))}`;
  if (envelope.source !== source)
    throw new Undeliverable('invalid-envelope', `${envelope.type} cannot come from ${envelope.source}.`);
}

function readData(envelope: Envelope, contracts: readonly EventContract[] | 'all'): unknown {
  if (contracts === 'all') return envelope.data;
  const contract = contracts.find(({ type }) => type === envelope.type);
  if (!contract) throw new Undeliverable('unknown-type', `This version of the handler does not know ${envelope.type}.`);
  const parsed = contract.schema.safeParse(envelope.data);
  if (!parsed.success)
    throw new Undeliverable('invalid-data', `The data does not fit ${contract.type}: ${JSON.stringify(fieldsOf(parsed.error))}`);
  return parsed.data;
}
