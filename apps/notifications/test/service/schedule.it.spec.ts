import { getMessage, previewMessage, type Property } from '@leasewire/contracts';
import { eventually, suiteDeployment } from '@leasewire/testing';
import { NotificationsSuite, patience } from './notifications-suite.js';

let suite: NotificationsSuite;
beforeAll(async () => {
  suite = await NotificationsSuite.start();
});
afterEach(() => suite.post.clear());

const now = async (): Promise<Date> => (await suiteDeployment()).clock.now();
/** What a clock of UTC shows so many hours from now. */
const inHours = async (hours: number): Promise<string> =>
  new Date((await now()).getTime() + hours * 3_600_000).toISOString().slice(0, 16);

describe('a planned message', () => {
  it('starts at its local time and not before', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    const when = { kind: 'at' as const, local: await inHours(30), timeZone: 'UTC' };
    const message = await suite.sent(staff, suite.draft(property, { when }));
    expect(message).toMatchObject({ local: when.local, timeZone: 'UTC', startsAt: `${when.local}:00.000Z` });
    await suite.passes(29 * 3600);
    expect((await suite.call(staff, getMessage, { messageId: message.id })).state).toBe('scheduled');
    await suite.passes(3600 + 60);
    await suite.becomes(staff, message.id, 'done');
    expect(suite.post.tally().accepted).toBe(1);
  });

  it('moves with the clocks when its property gets another time zone', async () => {
    const { orgId, staff, property } = await suite.org();
    suite.directory.add(property.id);
    const when = { kind: 'at' as const, local: await inHours(48) };
    const message = await suite.sent(staff, suite.draft(property, { when }));
    const moved: Partial<Property> = { ...property, timeZone: 'Australia/Perth', version: 2 };
    await suite.directory.property(orgId, moved, 2);
    await eventually(async () => {
      const after = await suite.call(staff, getMessage, { messageId: message.id });
      expect(after).toMatchObject({ local: when.local, timeZone: 'Australia/Perth', state: 'scheduled' });
      expect(new Date(after.startsAt).getTime() - new Date(message.startsAt).getTime()).toBe(2 * 3_600_000);
    }, patience);
  });

  it('waits for a person when its time has passed in the new zone', async () => {
    const { orgId, staff, property } = await suite.org();
    suite.directory.add(property.id);
    // two hours from now in Brisbane is yesterday evening of who is further east
    const when = { kind: 'at' as const, local: await inHours(10 + 2) };
    const message = await suite.sent(staff, suite.draft(property, { when }));
    await suite.directory.property(orgId, { ...property, timeZone: 'Pacific/Kiritimati', version: 2 }, 2);
    expect((await suite.becomes(staff, message.id, 'waiting')).reason).toContain('has passed. Send it now');
    await suite.passes(6 * 3600);
    expect(suite.post.tally().accepted).toBe(0);
  });

  it('in the past, or on a day that is not, is no message', async () => {
    const { staff, property } = await suite.org();
    suite.directory.add(property.id);
    const draft = suite.draft(property, { when: { kind: 'at', local: await inHours(-48) } });
    expect((await suite.call(staff, previewMessage, { draft })).problems).toEqual([
      expect.stringContaining('has passed. Choose a later time') as string,
    ]);
  });
});
