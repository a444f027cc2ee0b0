import { listConsents, previewMessage, showUnsubscribe, unsubscribe, type InputOf } from '@leasewire/contracts';
import { contentOf } from '@leasewire/simulators';
import { serviceActor } from '@leasewire/testing';
import { categories } from '../../src/compose/category.rules.js';
import { ConsentLedger } from '../../src/consent/consent-ledger.js';
import { UnsubscribeService } from '../../src/unsubscribe/unsubscribe.service.js';
import { codeOf, NotificationsSuite } from './notifications-suite.js';

let suite: NotificationsSuite;
const gateway = serviceActor('gateway', null);
const call = (said: Omit<InputOf<typeof unsubscribe>, 'wording'>) =>
  suite.gateway.call(gateway, unsubscribe, { ...said, wording: 'No more' });

beforeAll(async () => {
  suite = await NotificationsSuite.start({ LEASEWIRE_PUBLIC_URL: 'https://lw.example' });
});

describe('the link that ends mails', () => {
  it('is in the header for the button and in the mail, of this recipient and category, and ends only that', async () => {
    const { staff, property } = await suite.org();
    const resident = suite.directory.add(property.id);
    const draft = suite.draft(property);
    await suite.sent(staff, draft);
    await suite.passes(16);
    const [mail] = await suite.post.wait({ to: resident.email ?? '' }, { timeoutMs: 20_000 });
    const { unsubscribe: header, text } = await contentOf(mail!);
    expect(header).toMatchObject({ url: expect.stringMatching(/^https:\/\/lw\.example\/u\/[\w-]+$/) as string, oneClick: true });
    expect(text).toContain(header?.url ?? 'nothing');
    const token = header?.url?.split('/').at(-1) ?? '';

    const shown = await suite.gateway.call(gateway, showUnsubscribe, { token });
    expect(shown).toMatchObject({ category: 'operational', standing: { operational: null } });
    expect(shown.mail).not.toBe(resident.email);
    const reach = async (category: 'operational' | 'emergency') =>
      (await suite.call(staff, previewMessage, { draft: { ...draft, category } })).reach.channels.email;
    expect(await reach('operational')).toEqual({ will: 1, not: {} });

    for (let time = 0; time < 2; time += 1) await call({ token, how: 'one-click' });
    expect(await reach('operational')).toEqual({ will: 0, not: { 'opted-out': 1 } });
    expect(await reach('emergency')).toEqual({ will: 1, not: {} });
    const { items } = await suite.call(staff, listConsents, { personId: resident.personId });
    expect(items).toMatchObject([{ answer: 'refused', how: 'one-click', by: `resident:${resident.personId}` }]);

    await call({ token, how: 'unsubscribe-page', choice: 'receive' });
    expect(await reach('operational')).toEqual({ will: 1, not: {} });
  });

  it('follows them to a new address, and ends nothing about their account', async () => {
    const { orgId, staff, property } = await suite.org();
    const resident = suite.directory.add(property.id);
    const draft = suite.draft(property);
    await suite.sent(staff, draft);
    await suite.passes(16);
    const [mail] = await suite.post.wait({ to: resident.email ?? '' }, { timeoutMs: 20_000 });
    const token = (await contentOf(mail!)).unsubscribe?.url?.split('/').at(-1) ?? '';
    await call({ token, how: 'unsubscribe-page', choice: 'stop-all' });
    suite.directory.people.set(resident.residentId, { ...resident, email: `new-${resident.email ?? ''}` });
    const { reach } = await suite.call(staff, previewMessage, { draft });
    expect(reach.channels.email).toEqual({ will: 0, not: { 'opted-out': 1 } });
    const of = { orgId, channel: 'email', personId: resident.personId, address: resident.email ?? '' } as const;
    const links = suite.service.get(UnsubscribeService);
    for (const category of ['security', 'emergency'] as const) expect(links.linkFor({ ...of, category })).toBeNull();
    const consents = await suite.service.get(ConsentLedger).consents({ ...of, category: 'security' }, [of]);
    expect(consents).toEqual(['refused']); // and yet it goes: categories says always
    expect(categories.security.reach.email).toBe('always');
  });

  it('is nothing when it was changed', async () => {
    for (const token of ['a'.repeat(60), 'x'.repeat(90)])
      expect(await codeOf(suite.gateway.call(gateway, showUnsubscribe, { token }))).toBe('unsubscribe.invalid');
  });
});
