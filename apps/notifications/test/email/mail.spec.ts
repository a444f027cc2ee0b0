import { newOrgId } from '@leasewire/testing';
import { newId } from '@leasewire/messaging';
import type { Outgoing } from '../../src/channel/channel.js';
import { mailOf, type MailPlace } from '../../src/email/mail.js';

const [owner, stranger] = [newOrgId(), newOrgId()];
const key = { selector: 's1', privateKey: 'PRIVATE KEY' };
const place: MailPlace = {
  domain: 'leasewire.test',
  returnDomain: 'leasewire.test',
  domains: [
    { ...key, domain: 'leasewire.test' },
    { ...key, domain: 'owner.test', organizations: [owner] },
  ],
};
const outgoing = (orgId: Outgoing['orgId']): Outgoing => ({
  ...{ deliveryId: newId('dlv'), messageId: newId('msg'), orgId, propertyId: null, personId: null, category: 'operational' },
  ...{ address: 'ana@x.test', name: 'Ana', token: 'f'.repeat(30), files: [], tries: 0, unsubscribe: null },
  rendered: { subject: 'Hello', html: '<p>Hello</p>', text: 'Hello', sms: '' },
  sender: {
    ...{ propertyId: null, name: 'Harbour', fromDomain: 'owner.test', replyTo: null, dailyLimit: null },
    ...{ phone: null, quietHours: null, version: 1 },
  },
});

describe('a mail comes from, and is signed for', () => {
  it.each([
    ['the domain of whoever owns it', owner, 'owner.test'],
    ['the usual domain, where another has a sender with that of somebody else', stranger, 'leasewire.test'],
  ])('%s', (_name, orgId, domain) => {
    const { from, signing } = mailOf(outgoing(orgId), place);
    expect([from.address, signing?.domain]).toEqual([`no-reply@${domain}`, domain]);
  });
});
