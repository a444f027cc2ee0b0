import type { Envelope } from '@leasewire/contracts';
import type { Organization } from './audit.world.js';

type Fact = ReturnType<Organization['staffChanged']>;

/** As it goes over the wire. */
export function envelopeOf(fact: Fact, more: Partial<Envelope> = {}): Envelope {
  return {
    specversion: '1.0',
    id: fact.id,
    source: `/leasewire/${fact.service}`,
    type: fact.type,
    subject: fact.subject,
    time: fact.time.toISOString(),
    datacontenttype: 'application/json',
    orgid: fact.orgId,
    ...(fact.propertyId && { propertyid: fact.propertyId }),
    correlationid: fact.correlationId,
    actor: fact.actor,
    entityversion: fact.version.version,
    entityepoch: fact.version.epoch,
    data: fact.data,
    ...more,
  };
}
