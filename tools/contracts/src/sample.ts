import { Envelope, type EventContract } from '@leasewire/contracts';
import { z } from 'zod';

const at = '2026-11-20T09:00:00.000Z';
const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';

/** A whole event as it travels, around the example of its contract. */
export function sampleOf(event: EventContract): Envelope {
  return Envelope.parse({
    specversion: '1.0',
    id: `evt_${body}`,
    source: `/leasewire/${event.service}`,
    type: event.type,
    subject: idIn(event.example) ?? `org_${body}`,
    time: at,
    datacontenttype: 'application/json',
    orgid: `org_${body}`,
    correlationid: `req_${body}`,
    actor: `staff:stf_${body}`,
    entityversion: 3,
    entityepoch: 0,
    data: event.example,
  });
}

const Identified = z.looseObject({ id: z.string() });

/** The id of the entity that an example is about: its own, or that of the first object in it. */
function idIn(example: unknown): string | undefined {
  const own = Identified.safeParse(example);
  if (own.success) return own.data.id;
  if (typeof example !== 'object' || example === null) return undefined;
  for (const value of Object.values(example)) {
    const inner = Identified.safeParse(value);
    if (inner.success) return inner.data.id;
  }
  return undefined;
}
