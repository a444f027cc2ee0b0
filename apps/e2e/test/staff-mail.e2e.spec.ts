import { contentOf, startMailCatcher, type MailCatcher } from '@leasewire/simulators';
import { eventually } from '@leasewire/testing';
import { Api, Platform, mailTo } from '../src/index.js';

const patience = { timeoutMs: 40_000 };
const email = 'nina.new@harbour.example';
const password = 'correct horse battery 41';
const next = 'violet cranes at noon';

describe('mail to staff', () => {
  let platform: Platform;
  let post: MailCatcher;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const mail = await startMailCatcher();
    [post, close] = [mail.catcher, () => mail.close()];
    platform = await Platform.start({
      services: ['gateway', 'identity', 'directory', 'pms-sync', 'notifications'],
      envOf: {
        notifications: mailTo(mail.smtp),
      },
    });
  }, 90_000);
  afterAll(() => close());

  /** The newest mail to them about it, and the link that its button leads to. */
  const linkOf = async (subject: RegExp): Promise<string> => {
    const link = await eventually(async () => {
      const found = post.mails().findLast((mail) => mail.envelope.to.includes(email) && subject.test(mail.head.subject));
      if (!found) throw new Error(`no mail about ${subject} yet`);
      const { text } = await contentOf(found);
      return /https?:\/\/\S+\/staff-link\/([A-Za-z0-9_-]+)/.exec(text ?? '')?.[1] ?? '';
    }, patience);
    expect(link).not.toBe('');
    return link;
  };

  it('an invitation arrives, and its link lets them in', async () => {
    const owner = await platform.as('owner');
    const roles = await owner.all<{ id: string; preset: string | null }>('/v1/roles');
    await owner.expect(201, 'POST', '/v1/staff', {
      body: { email, name: 'Nina New', roleIds: [roles.find(({ preset }) => preset === 'employee')?.id] },
    });
    const token = await linkOf(/^You are invited to the team of /);
    await new Api(platform.url).expect(200, 'POST', `/v1/links/${token}/accept`, { body: { password } });
    await Api.signIn(platform.url, { email, password });
  });

  it('a forgotten password is set anew by the link that arrives, and they hear that it was', async () => {
    const anyone = new Api(platform.url);
    const asked = await anyone.patiently('POST', '/v1/password-resets', { body: { email } });
    const unknown = await anyone.patiently('POST', '/v1/password-resets', { body: { email: 'nobody@harbour.example' } });
    expect([asked.status, asked.body]).toEqual([unknown.status, unknown.body]);
    const token = await linkOf(/^Set a new password for /);
    await anyone.expect(200, 'POST', `/v1/links/${token}/accept`, { body: { password: next } });
    await Api.signIn(platform.url, { email, password: next });
    await eventually(
      () =>
        expect(post.mails().map(({ head }) => head.subject)).toContainEqual(
          expect.stringMatching(/^Your password for .* was changed$/),
        ),
      patience,
    );
  });
});
