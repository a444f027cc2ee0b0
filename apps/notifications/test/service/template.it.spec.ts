import {
  getTemplate,
  listTemplates,
  listTemplateVersions,
  previewTemplate,
  resetTemplate,
  sendTemplate,
  setTemplate,
  templateChanged,
  type OrgId,
  type TemplateText,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { contentOf } from '@leasewire/simulators';
import { eventually, staffActor } from '@leasewire/testing';
import { aKey, codeOf, NotificationsSuite, patience } from './notifications-suite.js';

let suite: NotificationsSuite;
beforeAll(async () => {
  suite = await NotificationsSuite.start();
});
afterEach(() => suite.post.clear());

const text = (more: Partial<TemplateText> = {}): TemplateText => ({
  ...{ subject: 'Welcome home to {{ property.name }}', preheader: '', sms: null },
  body: '<h2>Come in</h2><p>Hello {{ resident.firstName | default: "there" }}</p><p><a href="{{ activation.link }}">Come in</a></p>',
  ...more,
});
const welcome = async (orgId: OrgId, propertyId: `prop_${string}`) => {
  const email = `${newId('x')}@example.test`;
  await suite.ask(orgId, sendTemplate, {
    ...{ key: aKey(), template: 'welcome', category: 'security', propertyId },
    recipients: [{ kind: 'address', email, name: 'Ana' }],
    data: { 'property.name': 'Harbour House' },
    secrets: { 'activation.link': 'https://living.example/activate/tok123' },
  });
  const mails = () => suite.post.mails().filter(({ envelope }) => envelope.to.includes(email));
  await eventually(() => expect(mails()).toHaveLength(1), patience);
  return contentOf(mails()[0]!);
};

describe('a template', () => {
  it('is the system’s until the organization writes its own, and a property its own again', async () => {
    const { orgId, staff, property } = await suite.org();
    const here = { name: 'welcome' as const, propertyId: property.id };
    expect(await suite.call(staff, getTemplate, here)).toMatchObject({ sources: { en: 'system' }, version: 0, own: {} });
    expect((await welcome(orgId, property.id)).text).toContain('Your resident account is ready');

    await suite.call(staff, setTemplate, { name: 'welcome', texts: { en: text() }, version: 0 });
    expect(await suite.call(staff, getTemplate, here)).toMatchObject({
      sources: { en: 'organization', fr: 'system' },
      version: 0,
    });
    const mail = await welcome(orgId, property.id);
    expect(mail.text).toContain('Hello Ana');
    expect(mail.text).toContain('Come in:\nhttps://living.example/activate/tok123');
    expect(mail.html).toContain('12 Quay Street');

    const own = await suite.call(staff, setTemplate, { ...here, texts: { en: text({ subject: 'Only here' }) }, version: 0 });
    expect(own).toMatchObject({ sources: { en: 'property' }, version: 1, texts: { en: { subject: 'Only here' } } });
    const { items } = await suite.call(staff, listTemplates, { propertyId: property.id });
    expect(items.find(({ name }) => name === 'welcome')).toMatchObject({ sources: { en: 'property' }, version: 1 });

    const reset = await suite.call(staff, resetTemplate, { ...here, version: 1 });
    expect(reset).toMatchObject({ sources: { en: 'organization' }, version: 2, own: {} });
    const versions = await suite.call(staff, listTemplateVersions, here);
    expect(versions.items.map(({ version, texts }) => [version, texts.en?.subject])).toEqual([
      [2, undefined],
      [1, 'Only here'],
    ]);
    await eventually(
      () => expect(suite.events(templateChanged).filter(({ orgId: of }) => of === orgId)).toHaveLength(3),
      patience,
    );
    expect(JSON.stringify(suite.events(templateChanged))).not.toContain('Only here');
  });

  it.each([
    [
      'without its link',
      { body: '<p>Welcome</p>' },
      /of no use without \{\{ activation\.link \}\} \(where the resident sets a password\)/,
    ],
    ['with its secret in the subject', { subject: '{{ activation.link }}' }, /is a secret: everybody sees subjects/],
    ['with a field that is misspelt', { subject: '{{ resident.firstname }}' }, /Did you mean \{\{ resident\.firstName \}\}/],
    ['with a field of something else', { subject: '{{ wifi.name }}' }, /is not known when “Welcome” is sent/],
    ['with a text message that leads nowhere', { sms: 'Welcome!' }, /text message is of no use without/],
    [
      'with an unsafe link',
      { body: '<p><a href="javascript:alert(1)">x</a> {{ activation.link }}</p>' },
      /Links lead to https pages/,
    ],
  ])('%s is refused, and what to do is said', async (_what, more, said) => {
    const { staff } = await suite.org();
    const set = suite.call(staff, setTemplate, { name: 'welcome', texts: { en: text(more) } });
    await expect(set).rejects.toMatchObject({ code: 'template.not-usable', message: expect.stringMatching(said) as unknown });
  });

  it('that is edited in the middle of a message changes nothing of it: all get the text that it began with', async () => {
    const { orgId, staff, property } = await suite.org();
    const own = { name: 'welcome' as const, propertyId: property.id };
    await suite.call(staff, setTemplate, { ...own, texts: { en: text({ subject: 'The first text' }) }, version: 0 });
    await suite.post.fault({ kind: 'slow', at: 'end', ms: 300 });
    const emails = Array.from({ length: 60 }, () => `${newId('x')}@example.test`);
    const send = (to: readonly string[]) =>
      suite.ask(orgId, sendTemplate, {
        ...{ key: aKey(), template: 'welcome', category: 'security', propertyId: property.id },
        recipients: to.map((email) => ({ kind: 'address' as const, email, name: 'Ana' })),
        data: { 'property.name': 'Harbour House' },
        secrets: { 'activation.link': 'https://living.example/activate/tok123' },
      });
    await send(emails);
    await eventually(() => expect(suite.post.tally().accepted).toBeGreaterThan(0), patience);
    await suite.call(staff, setTemplate, { ...own, texts: { en: text({ subject: 'The second text' }) }, version: 1 });
    expect(suite.post.tally().accepted).toBeLessThan(60);
    await eventually(() => expect(suite.post.tally().accepted).toBe(60), patience);
    expect(new Set(suite.post.mails().map(({ head }) => head.subject))).toEqual(new Set(['The first text']));
    await suite.post.clear();
    await send([`${newId('x')}@example.test`]);
    const [next] = await suite.post.wait({}, patience);
    expect(next?.head.subject).toBe('The second text');
  });

  it('is not overwritten by somebody who looked at an older one', async () => {
    const { staff } = await suite.org();
    const set = (version: number) => codeOf(suite.call(staff, setTemplate, { name: 'reminder', texts: { en: text() }, version }));
    expect(await Promise.all([set(0), set(0), set(0)]).then((codes) => codes.sort())).toEqual([
      'conflict.version',
      'conflict.version',
      'ok',
    ]);
    expect(await set(1)).toBe('ok');
  });

  it('of the organization is for those who have all properties; others write for their own', async () => {
    const { orgId, property } = await suite.org();
    const limited = staffActor({ orgId, properties: [property.id] });
    const set = (propertyId?: `prop_${string}`) =>
      codeOf(suite.call(limited, setTemplate, { name: 'welcome', texts: { en: text() }, ...(propertyId && { propertyId }) }));
    expect([await set(), await set(newId('prop')), await set(property.id)]).toEqual(['forbidden', 'not-found', 'ok']);
    const other = await suite.org();
    expect(await codeOf(suite.call(other.staff, getTemplate, { name: 'welcome', propertyId: property.id }))).toBe('not-found');
  });
});

describe('a preview', () => {
  it('shows a text that is not saved, with made-up data, as it would be sent', async () => {
    const { staff, property } = await suite.org();
    const shown = await suite.call(staff, previewTemplate, {
      ...{ name: 'wifi-password', propertyId: property.id, language: 'es' },
    });
    expect(shown).toMatchObject({ language: 'es', subject: 'Tu Wi-Fi en Harbour House', smsSegments: 1 });
    expect(shown.html).toContain('plum-otter-4827');
    expect(shown.text).toContain('12 Quay Street');
    const draft = await suite.call(staff, previewTemplate, { name: 'welcome', texts: { en: text({ subject: 'A draft' }) } });
    expect(draft.subject).toBe('A draft');
    expect(draft.html).toContain('Hello Ana');
  });

  it('shows it as one resident would get it, with no password of theirs', async () => {
    const { staff, property } = await suite.org();
    const resident = suite.directory.add(property.id);
    const shown = await suite.call(staff, previewTemplate, {
      ...{ name: 'welcome', propertyId: property.id, residentId: resident.residentId },
    });
    expect(shown.text).toContain(`Hi ${resident.name.first},`);
    expect(await codeOf(suite.call(staff, previewTemplate, { name: 'welcome', residentId: newId('res') }))).toBe('not-found');
  });
});
