import { sendTemplate } from '@leasewire/contracts';
import { eventually } from '@leasewire/testing';
import { NotificationsSuite, patience } from './notifications-suite.js';

const perSecond = 20;
const neighbours = 150;
let suite: NotificationsSuite;
beforeAll(async () => {
  suite = await NotificationsSuite.start({ LEASEWIRE_SMTP_PER_SECOND: String(perSecond) });
});

describe('where the mail server takes only so many a second', () => {
  it('a password that one person waits for does not stand behind a message to all', async () => {
    const { orgId, staff, property } = await suite.org();
    for (let n = 0; n < neighbours; n++) suite.directory.add(property.id);
    await suite.sent(staff, suite.draft(property));
    await suite.passes(16);
    const accepted = () => suite.post.tally().accepted;
    await eventually(() => expect(accepted()).toBeGreaterThan(perSecond), patience);
    await suite.ask(orgId, sendTemplate, {
      key: 'wifi:now',
      template: 'wifi-password',
      category: 'security',
      propertyId: property.id,
      recipients: [{ kind: 'address', email: 'waits@example.test', name: 'Ana' }],
      data: { 'wifi.name': 'Home' },
      secrets: { 'wifi.password': 'plum-otter-4827' },
    });
    await eventually(() => expect(suite.post.tally().byRecipient.get('waits@example.test')).toBe(1), patience);
    expect(accepted()).toBeLessThan(neighbours - perSecond);
    await eventually(() => expect(accepted()).toBe(neighbours + 1), patience);
  });
});
