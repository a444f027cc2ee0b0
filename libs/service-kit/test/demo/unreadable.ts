import { eventSubject } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { connectAs, newOrgId } from '@leasewire/testing';
import { noted } from './demo.service.js';

/** A note whose text is a number: its handler can never read it. */
export async function publishUnreadable(): Promise<void> {
  const { bus } = await connectAs('audit');
  const orgId = newOrgId();
  await bus.publish({
    subject: eventSubject(noted, orgId),
    envelope: {
      ...{ specversion: '1.0', id: newId('evt'), source: '/leasewire/audit', type: noted.type, subject: 'note_x' },
      ...{ time: new Date().toISOString(), datacontenttype: 'application/json', orgid: orgId, correlationid: newId('cor') },
      ...{ actor: 'service:audit', entityversion: 1, entityepoch: 0, data: { text: 5 } },
    },
  });
}
