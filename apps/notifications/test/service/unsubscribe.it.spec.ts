import {
  addSuppression,
  listConsents,
  listSuppressions,
  pauseMessage,
  previewMessage,
  recordConsent,
  releaseSuppression,
  residentArchived,
  resumeMessage,
  showUnsubscribe,
  suppressionAdded,
  unsubscribe,
  type AudienceMember,
  type InputOf,
  type OrgId,
  type Resident,
} from '@leasewire/contracts';
import type { Actor } from '@leasewire/messaging';
import { Database, UnitOfWork } from '@leasewire/persistence';
import { contentOf } from '@leasewire/simulators';
import { eventually, outgoing, serviceActor, staffActor, systemCall } from '@leasewire/testing';
import { categories } from '../../src/compose/category.rules.js';
import { ConsentLedger } from '../../src/consent/consent-ledger.js';
import { SuppressionService } from '../../src/suppression/suppression.service.js';
import { UnsubscribeService } from '../../src/unsubscribe/unsubscribe.service.js';
import { codeOf, NotificationsSuite, patience } from './notifications-suite.js';

let suite: NotificationsSuite;
const gateway = serviceActor('gateway', null);
const call = (said: Omit<InputOf<typeof unsubscribe>, 'wording'>) =>
  suite.gateway.call(gateway, unsubscribe, { ...said, wording: 'No more' });

const tokenOf = (orgId: OrgId, { personId, email }: AudienceMember): string => {
  const of = { orgId, personId, address: email ?? '', channel: 'email', category: 'operational' } as const;
  return suite.service.get(UnsubscribeService).linkFor(of)?.page.split('/').at(-1) ?? '';
};
/** Told, and heard of here. */
async function archived(orgId: OrgId, { residentId, personId, propertyId }: AudienceMember): Promise<void> {
  const example = residentArchived.example.resident as Resident;
  const resident: Resident = { ...example, id: residentId, personId, propertyId, state: 'archived' };
  const about = { orgId, subject: residentId, version: 2 };
  await suite.directory.peer.bus.publish(outgoing(residentArchived, { ...about, data: { resident, changed: ['state'] } }));
  const rows = suite.service.get(Database).db.collection('deliveries');
  const noted = { residentId, $or: [{ state: 'skipped' }, { archived: true }] };
  await eventually(async () => expect(await rows.countDocuments(noted)).toBe(1), patience);
}

beforeAll(async () => {
  suite = await NotificationsSuite.start({ LEASEWIRE_PUBLIC_URL: 'https://lw.example' });
});

afterEach(() => suite.post.clear());

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

  it('ends also what waits, and so does leaving: a message that was paused meanwhile skips both when it goes on', async () => {
    const { orgId, staff, property } = await suite.org();
    const [ana, ben, cleo] = [0, 1, 2].map(() => suite.directory.add(property.id));
    await suite.post.fault({ kind: 'refuse' });
    const { id: messageId } = await suite.sent(staff, suite.draft(property));
    await suite.passes(16);
    await suite.becomes(staff, messageId, 'sending');
    await suite.call(staff, pauseMessage, { messageId });
    await call({ token: tokenOf(orgId, ana!), how: 'one-click' });
    await archived(orgId, ben!);
    await suite.post.clearFaults();
    await suite.call(staff, resumeMessage, { messageId });
    await suite.passes(120);
    await suite.becomes(staff, messageId, 'done');
    const rows = await suite.deliveries(staff, messageId);
    const became = rows.map(({ personId, state, skipReason }) => [personId, state, skipReason]);
    expect(new Set(became)).toEqual(
      new Set([
        [ana!.personId, 'skipped', 'opted-out'],
        [ben!.personId, 'skipped', 'archived'],
        [cleo!.personId, 'sent', null],
      ]),
    );
    expect(suite.post.mails().map(({ envelope }) => envelope.to)).toEqual([[cleo!.email]]);
  });

  it('lets whoever pressed “spam” have mails again, of the kind they ask for and no other', async () => {
    const { orgId, staff, property } = await suite.org();
    const ana = suite.directory.add(property.id);
    const work = suite.service.get(UnitOfWork);
    const of = { personId: ana.personId, propertyIds: [property.id] };
    const about = { channel: 'email', address: ana.email!, reason: 'complaint', detail: null, ...of } as const;
    await work.run(systemCall('notifications', orgId), (tx) => suite.service.get(SuppressionService).suppress(tx, about));
    const draft = suite.draft(property);
    const reach = async (category: 'operational' | 'emergency') =>
      (await suite.call(staff, previewMessage, { draft: { ...draft, category } })).reach.channels.email;
    expect(await reach('operational')).toEqual({ will: 0, not: { suppressed: 1 } });
    expect(await reach('emergency')).toEqual({ will: 1, not: {} });
    const token = tokenOf(orgId, ana);
    const none = { operational: 'refused', marketing: 'refused' };
    expect((await suite.gateway.call(gateway, showUnsubscribe, { token })).standing).toEqual(none);
    const { standing } = await call({ token, how: 'unsubscribe-page', choice: 'receive' });
    expect(standing).toEqual({ operational: 'granted', marketing: 'refused' });
    expect(await reach('operational')).toEqual({ will: 1, not: {} });
    const { items } = await suite.call(staff, listSuppressions, { state: 'released' });
    expect(items).toMatchObject([{ reason: 'complaint', releasedBy: `resident:${ana.personId}` }]);
  });

  it('of staff of some properties reaches who lives there, and nobody else', async () => {
    const { orgId, staff, property } = await suite.org();
    const elsewhere = await suite.directory.property(orgId, { name: 'Owners’ Court' });
    const [ana, owner] = [suite.directory.add(property.id), suite.directory.add(elsewhere.id)];
    const draft = suite.draft(elsewhere);
    await eventually(() => suite.call(staff, previewMessage, { draft }), patience);
    for (const one of [draft, suite.draft(property)]) {
      const { id } = await suite.sent(staff, one);
      await suite.passes(16);
      await suite.becomes(staff, id, 'done');
    }
    const [mine, theirs] = [property, elsewhere].map(({ id }) => staffActor({ orgId, properties: [id] }));
    expect(await codeOf(suite.call(mine!, addSuppression, { email: owner.email! }))).toBe('forbidden');
    const added = await suite.call(mine!, addSuppression, { email: ana.email! });
    const lists = async (who: Actor) => (await suite.call(who, listSuppressions, {})).items.map(({ address }) => address);
    expect([await lists(mine!), await lists(theirs!)]).toEqual([[ana.email], []]);
    const release = { suppressionId: added.id, because: 'They called.' };
    expect(await codeOf(suite.call(theirs!, releaseSuppression, release))).toBe('not-found');
    await suite.call(mine!, releaseSuppression, release);
    await eventually(
      () => expect(suite.events(suppressionAdded, added.id)).toMatchObject([{ propertyId: property.id }]),
      patience,
    );
    const said = { answer: 'refused', how: 'spoken', wording: 'No more.' } as const;
    const record = (of: { personId?: AudienceMember['personId']; email: string }) =>
      codeOf(suite.call(mine!, recordConsent, { ...said, ...of }));
    expect(await record({ email: owner.email! })).toBe('forbidden');
    expect(await record({ personId: owner.personId, email: owner.email! })).toBe('forbidden');
    expect(await record({ personId: ana.personId, email: owner.email! })).toBe('forbidden');
    expect(await record({ personId: ana.personId, email: ana.email! })).toBe('ok');
  });

  it('is nothing when it was changed', async () => {
    for (const token of ['a'.repeat(60), 'x'.repeat(90)])
      expect(await codeOf(suite.gateway.call(gateway, showUnsubscribe, { token }))).toBe('unsubscribe.invalid');
  });
});
