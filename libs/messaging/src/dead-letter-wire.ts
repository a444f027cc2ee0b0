import type { DeadLetter } from '@leasewire/contracts';
import type { StoredMsg } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { LetterToWrite } from './delivery.js';
import { readEnvelope } from './read-fact.js';
import { headerOf } from './wire.js';

/** A dead letter is the message as it came, untouched, and these headers. */
export const letterHeader = {
  handler: 'lw-handler',
  durable: 'lw-durable',
  reason: 'lw-reason',
  error: 'lw-error',
  attempts: 'lw-attempts',
  at: 'lw-at',
  stream: 'lw-stream',
  subject: 'lw-subject',
  streamSeq: 'lw-stream-seq',
  eventId: 'lw-event-id',
  correlation: 'lw-correlation',
} as const;

export function headersOfLetter({ route, message, reason, error }: LetterToWrite, at: Date): MsgHdrs {
  const known = identityOf(message.bytes);
  return write({
    [letterHeader.handler]: route.handler,
    [letterHeader.durable]: route.durable,
    [letterHeader.reason]: reason,
    [letterHeader.error]: error.replaceAll(/\s+/g, ' '),
    [letterHeader.attempts]: String(message.deliveries),
    [letterHeader.at]: at.toISOString(),
    [letterHeader.stream]: message.stream,
    [letterHeader.subject]: message.subject,
    [letterHeader.streamSeq]: String(message.seq),
    [letterHeader.eventId]: known?.id,
    [letterHeader.correlation]: known?.correlationid,
  });
}

/** Only our own headers: with the old message id a replay would count as a duplicate. */
export function copyOfLetter(stored: MsgHdrs | undefined): MsgHdrs {
  return write(Object.fromEntries(Object.values(letterHeader).map((name) => [name, headerOf(stored, name)])));
}

export function letterFrom(stored: StoredMsg): DeadLetter {
  const of = (name: string): string | undefined => headerOf(stored.header, name);
  const eventId = of(letterHeader.eventId);
  const correlationId = of(letterHeader.correlation);
  return {
    seq: stored.seq,
    handler: of(letterHeader.handler) ?? '',
    reason: of(letterHeader.reason) ?? 'unknown',
    error: of(letterHeader.error) ?? '',
    attempts: Number(of(letterHeader.attempts) ?? 0),
    at: of(letterHeader.at) ?? stored.time.toISOString(),
    ...originOf(stored.header),
    ...(eventId !== undefined && { eventId }),
    ...(correlationId !== undefined && { correlationId }),
  };
}

/** Where the event was published first. */
export function originOf(stored: MsgHdrs | undefined): { stream: string; subject: string; streamSeq: number } {
  return {
    stream: headerOf(stored, letterHeader.stream) ?? '',
    subject: headerOf(stored, letterHeader.subject) ?? '',
    streamSeq: Number(headerOf(stored, letterHeader.streamSeq) ?? 0),
  };
}

function identityOf(bytes: Uint8Array): { id: string; correlationid: string } | undefined {
  try {
    return readEnvelope(bytes);
  } catch {
    return undefined;
  }
}

function write(values: Record<string, string | undefined>): MsgHdrs {
  const written = headers();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) written.set(name, value);
  return written;
}
