import {
  archiveResident,
  countResidents,
  createResident,
  directorySnapshot,
  erasePerson,
  explainMissing,
  exportPerson,
  getPerson,
  getResident,
  linkDuplicate,
  linkResident,
  listDuplicates,
  listResidents,
  listTimeline,
  listUnits,
  personErased,
  resolveAudience,
  residentAccountOpened,
  residentDetailsChanged,
  residentEmailChanged,
  residentLanguageChanged,
  residentStatusChanged,
  residentRegistered,
  updateProperty,
  updateResident,
  type InputOf,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { connectAs, eventually, outgoing, serviceActor } from '@leasewire/testing';
import { AccountService } from '../../src/account/account.service.js';
import { codeOf, DirectorySuite, person, stay } from './directory-suite.js';

let suite: DirectorySuite;
beforeAll(async () => {
  suite = await DirectorySuite.start();
});

describe('a person', () => {
  it('who may be the same as another is proposed, linked to the PMS with the history, and erased', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const byHand = await suite.call(owner, createResident, {
      propertyId: property.id,
      firstName: 'Noor',
      lastName: 'Haddad1',
      email: 'noor1@example.com',
      userTypes: ['committee'],
    });
    const fromPms = await suite.registered(orgId, property, person('1'));
    const { items } = await suite.call(owner, listDuplicates, { propertyId: property.id });
    expect(items).toMatchObject([{ a: { id: byHand.id }, b: { id: fromPms, issues: ['shared-email', 'possible-duplicate'] } }]);
    await suite.call(owner, linkDuplicate, { id: items[0]!.id, same: true });
    expect(await suite.call(owner, getResident, { residentId: byHand.id })).toMatchObject({
      upstreamId: '1',
      occupancy: { unit: '101' },
    });
    expect(await suite.apply(orgId, property, [person('1')])).toMatchObject([{ outcome: 'unchanged', residentId: byHand.id }]);

    const { personId } = byHand;
    expect((await suite.call(owner, exportPerson, { personId })).residents).toHaveLength(2);
    expect(await codeOf(suite.call(owner, erasePerson, { personId }))).toBe('person.still-resident');
    await suite.call(owner, archiveResident, { residentId: byHand.id });
    await suite.call(owner, erasePerson, { personId });
    await suite.hears(personErased, personId);
    expect(await suite.call(owner, getResident, { residentId: byHand.id })).toMatchObject({
      displayName: 'Erased',
      email: null,
      archivedReason: 'erased',
      occupancy: { unit: '101', leaseId: null },
    });
    // events leave within 28 days, answers of calls within 2; of everything else nothing may tell who it was
    for (const { name } of await suite.db.db.listCollections().toArray())
      if (name !== 'outbox' && name !== 'idempotency')
        expect([name, JSON.stringify(await suite.db.db.collection(name).find({ orgId }).toArray())]).toEqual([
          name,
          expect.not.stringMatching(/noor|haddad1|"L1"|412345678|:1"/i),
        ]);
    expect(await suite.db.db.collection('timeline_entries').countDocuments({ orgId })).toBe(0);
  });

  it('is proposed when an address or a number comes later, as often as it is not decided on', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const silent = { email: null, phones: [] };
    const older = await suite.registered(orgId, property, person('1', silent));
    const byHand = { firstName: 'Noor', lastName: 'Haddad1', userTypes: ['committee' as const] };
    const newer = await suite.call(owner, createResident, { propertyId: property.id, ...byHand, email: 'noor1@example.com' });
    const proposed = async () => (await suite.call(owner, listDuplicates, { propertyId: property.id })).items;
    expect(await proposed()).toEqual([]);
    await suite.apply(orgId, property, [person('1', { ...silent, email: 'noor1@example.com' })]);
    const [proposal] = await proposed();
    expect(proposal).toMatchObject({ a: { id: newer.id }, b: { id: older } });
    expect(proposal!.b.issues).toContain('possible-duplicate');
    await suite.call(owner, linkDuplicate, { id: proposal!.id, same: false });
    await suite.apply(orgId, property, [person('1', { email: 'noor1@example.com' })]);
    expect(await proposed()).toEqual([]);

    const again = await suite.call(owner, createResident, { propertyId: property.id, ...byHand, email: 'second@example.com' });
    await suite.apply(orgId, property, [person('1', { email: 'second@example.com' })]);
    const [second] = await proposed();
    expect(second).toMatchObject({ a: { id: again.id }, b: { id: older } });
    await suite.call(owner, linkDuplicate, { id: second!.id, same: true });
    expect(await proposed()).toEqual([]);
    const kept = await suite.call(owner, getResident, { residentId: older });
    expect(kept).toMatchObject({ upstreamId: '1', state: 'active', sources: { userTypes: 'staff' } });
    expect(kept.userTypes).toEqual([...person('1').userTypes, 'committee']);
    // one residency: it ends when the PMS says so
    const joined = await suite.call(owner, getResident, { residentId: again.id });
    expect(joined).toMatchObject({ personId: kept.personId, state: 'archived', access: { open: false } });
    await suite.apply(orgId, property, [person('1', { ...silent, email: 'second@example.com' })]);
    expect(await proposed()).toEqual([]);
  });

  it('added by hand is linked to a record that nobody proposed, and keeps the history', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const base = { propertyId: property.id, firstName: 'N.', lastName: 'Haddad', userTypes: ['resident' as const] };
    const { items: units } = await suite.call(owner, listUnits, { propertyId: property.id });
    const byHand = await suite.call(owner, createResident, { ...base, unitId: units[0]!.id, moveIn: '2026-01-01' });
    const other = await suite.registered(orgId, property, person('1'));
    const { items: none } = await suite.call(owner, listDuplicates, { propertyId: property.id });
    expect(none).toEqual([]);
    const itself = { residentId: byHand.id, withResidentId: byHand.id };
    expect(await codeOf(suite.call(owner, linkResident, itself))).toBe('conflict.state');
    const linked = await suite.call(owner, linkResident, { residentId: byHand.id, withResidentId: other });
    expect(linked).toMatchObject({ id: byHand.id, personId: byHand.personId, upstreamId: '1', occupancy: { leaseId: 'L1' } });
    expect(linked.occupancies.map(({ leaseId }) => leaseId)).toEqual([null, 'L1']);
    expect(await suite.apply(orgId, property, [person('1')])).toMatchObject([{ outcome: 'unchanged', residentId: byHand.id }]);
    // what staff said stays, and beside it is what the PMS says
    const shown = await suite.call(owner, getResident, { residentId: byHand.id });
    expect(shown).toMatchObject({ displayName: 'N. Haddad', sources: { name: 'staff' }, pmsSays: { name: { first: 'Noor' } } });
    const { residents } = await suite.call(owner, getPerson, { personId: byHand.personId });
    expect(residents.map(({ id, state }) => [id, state])).toEqual([
      [byHand.id, 'active'],
      [other, 'archived'],
    ]);
  });

  it('who is missed is looked for among all who were ever known', async () => {
    const { orgId, owner } = suite.org();
    const [here, there] = [await suite.adopted(orgId), await suite.adopted(orgId, { upstreamId: '4712', kind: 'strata' })];
    const gone = await suite.registered(orgId, here, person('1'));
    await suite.call(owner, archiveResident, { residentId: gone });
    const waiting = await suite.registered(orgId, there, person('1', { userTypes: ['tenant'] }));
    const missing = (search: string) => suite.call(owner, explainMissing, { search, propertyId: here.id });
    const { found, sentences } = await missing('haddad1');
    expect(found).toMatchObject([
      { resident: { id: gone }, listed: false, sentences: ['Noor Haddad1 is archived.', expect.any(String)] },
      { resident: { id: waiting }, listed: true, propertyName: there.name },
    ]);
    expect(found[1]!.sentences[0]).toBe('Noor Haddad1 waits in Pending Import. Import them to give access.');
    expect(sentences).toEqual([
      `Whoever is like “haddad1” in ${here.name} is archived; the list leaves the archived out unless it is asked for them.`,
      'There is 1 in other properties.',
      'No complete sync has arrived yet; whoever the PMS lists comes with it.',
    ]);
    expect(await missing('nobody')).toMatchObject({
      found: [],
      sentences: [`Nobody like “nobody” was ever known in ${here.name}.`, expect.anything()],
    });
    const limited = suite.staffOf(orgId, [here.id]);
    expect((await suite.call(limited, explainMissing, { search: 'haddad1' })).found).toHaveLength(1);
  });

  it('with an account shows it in each property, from the first moment there, and never an older one', async () => {
    const { orgId, owner } = suite.org();
    const connectionId = newId('con');
    const [here, there] = [
      await suite.adopted(orgId, { connectionId }),
      await suite.adopted(orgId, { connectionId, upstreamId: '4712' }),
    ];
    const first = await suite.registered(orgId, here, person('1'));
    const { personId } = await suite.call(owner, getResident, { residentId: first });
    const accounts = suite.service.get(AccountService);
    const columns = { invitedAt: '2026-11-20T20:00:00+10:00', expiresAt: '2026-11-27T10:00:00Z', activatedAt: null, terms: null };
    const mail = { state: 'bounced' as const, reason: 'mailbox full', at: '2026-11-20T10:01:00Z' };
    const said = (version: number, status: 'pending-activation' | 'live') =>
      accounts.note(
        { ...fact, orgId, id: newId('evt'), subject: personId, version: { epoch: 1, version } },
        { personId, status, columns: { ...columns, mail } },
      );
    const { fact } = await eventually(() => {
      const [event] = suite.events(residentRegistered, first);
      expect(event).toBeDefined();
      return { fact: event! };
    });
    await said(2, 'pending-activation');
    await said(1, 'live');
    const second = await suite.registered(orgId, there, person('1', { stays: [stay({ leaseId: 'L2' })] }));
    for (const residentId of [first, second])
      expect(await suite.call(owner, getResident, { residentId })).toMatchObject({
        personId,
        accountStatus: 'pending-activation',
        account: { invitedAt: '2026-11-20T10:00:00.000Z', mail: { state: 'bounced' } },
      });
    await suite.hears(residentStatusChanged, first);
    expect(suite.events(residentDetailsChanged, first)).toEqual([]);
    const { items } = await suite.call(owner, listTimeline, { residentId: first });
    expect(items[0]!.text).toBe('The invitation mail did not arrive: mailbox full.');
    const bounced = { mailState: ['bounced' as const], expiresBefore: '2026-12-01T00:00:00Z' };
    expect((await suite.call(owner, listResidents, bounced)).items).toHaveLength(2);
    const { total, facets } = await suite.call(owner, countResidents, { propertyIds: [here.id], mailState: ['delivered'] });
    expect([total, facets['mailState'], facets['accountStatus']]).toEqual([0, { bounced: 1 }, {}]);
  });

  it('who is erased is not proposed as anybody any more', async () => {
    const { orgId, owner } = suite.org();
    const property = await suite.adopted(orgId);
    const gone = await suite.registered(orgId, property, person('1'));
    const alike = await suite.registered(orgId, property, { ...person('1'), upstreamId: '2' });
    expect((await suite.call(owner, listDuplicates, { propertyId: property.id })).items).toMatchObject([{ a: { id: gone } }]);
    await suite.call(owner, archiveResident, { residentId: gone });
    const { personId } = await suite.call(owner, getResident, { residentId: gone });
    await suite.call(owner, erasePerson, { personId });
    expect((await suite.call(owner, listDuplicates, { propertyId: property.id })).items).toEqual([]);
    expect((await suite.call(owner, getResident, { residentId: alike })).issues).toEqual([]);
  });
});

it('the snapshot holds everything', async () => {
  const { orgId } = suite.org();
  const property = await suite.adopted(orgId);
  await suite.registered(orgId, property, person('1'));
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const input: InputOf<typeof directorySnapshot> = { limit: 7, ...(cursor !== null && { cursor }) };
    const page: { items: { orgId: string; entity: string }[]; nextCursor: string | null } = await suite.pms.call(
      serviceActor('pms-sync', null),
      directorySnapshot,
      input,
    );
    found.push(...page.items.filter((item) => item.orgId === orgId).map(({ entity }) => entity));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(found.toSorted()).toEqual(['property', 'resident', 'unit', 'unit', 'unit']);
});

it('an address that a resident chose themselves stays over later syncs, until staff reset it', async () => {
  const { orgId, owner } = suite.org();
  const property = await suite.adopted(orgId);
  const residentId = await suite.registered(orgId, property, person('77'));
  const { personId } = await suite.call(owner, getResident, { residentId });
  const identity = await connectAs('identity');
  await identity.bus.ensureStream('identity');
  const account = {
    ...residentEmailChanged.example.account,
    personId,
    email: 'own@example.com',
    emailSource: 'resident' as const,
  };
  await identity.bus.publish(outgoing(residentEmailChanged, { orgId, subject: personId, data: { account } }));
  await eventually(
    async () =>
      expect(await suite.call(owner, getResident, { residentId })).toMatchObject({
        email: 'own@example.com',
        sources: { email: 'resident' },
      }),
    { timeoutMs: 20_000 },
  );
  await suite.apply(orgId, property, [person('77', { email: 'pms@example.com' })]);
  expect((await suite.call(owner, getResident, { residentId })).email).toBe('own@example.com');
  const reset = await suite.call(owner, updateResident, { residentId, reset: ['email'] });
  expect([reset.email, reset.sources['email']]).toEqual(['pms@example.com', 'pms']);
});

it('somebody is written to in the language that they chose, else that of staff, of the file, of the property', async () => {
  const { orgId, owner } = suite.org();
  const property = await suite.adopted(orgId, { name: 'Casa Azul' });
  const spoken = person('88');
  const residentId = await suite.registered(orgId, property, spoken);
  const [notifications, identity] = [await connectAs('notifications'), await connectAs('identity')];
  const languageIs = async (language: string | null, source?: string): Promise<void> => {
    const resident = await suite.call(owner, getResident, { residentId });
    expect([resident.language, resident.sources['language']]).toEqual([language, source]);
    const input = { selection: { ids: [residentId] }, properties: 'all' as const };
    const { items } = await notifications.call(serviceActor('notifications', orgId), resolveAudience, input);
    expect(items.map((member) => member.language)).toEqual([language]);
  };
  await languageIs(null);

  await suite.call(owner, updateProperty, { propertyId: property.id, language: 'es' });
  await eventually(() => languageIs('es'), { timeoutMs: 20_000 });
  expect(suite.events(residentDetailsChanged, residentId)).toHaveLength(1);
  await suite.apply(orgId, property, [{ ...spoken, language: 'fr-CA' }]);
  await languageIs('fr-CA', 'pms');
  // another source says nothing of languages
  await suite.apply(orgId, property, [{ ...spoken, email: 'other@example.com' }]);
  await languageIs('fr-CA', 'pms');
  await suite.call(owner, updateResident, { residentId, language: 'de' });
  await languageIs('de', 'staff');
  expect((await suite.call(owner, getResident, { residentId })).pmsSays).toMatchObject({ language: 'fr-CA' });
  await suite.call(owner, updateResident, { residentId, reset: ['language'] });
  await languageIs('fr-CA', 'pms');
  await suite.call(owner, updateResident, { residentId, language: 'fr' });

  await identity.bus.ensureStream('identity');
  const { personId } = await suite.call(owner, getResident, { residentId });
  const says = (contract: typeof residentAccountOpened, locale: string, version: number) => {
    const account = { ...contract.example.account, personId, locale };
    return identity.bus.publish(outgoing(contract, { orgId, subject: personId, data: { account }, version }));
  };
  await says(residentLanguageChanged, 'en-US', 7);
  await eventually(() => languageIs('en-US', 'resident'), { timeoutMs: 20_000 });
  // what is older comes late, and changes nothing
  await says(residentAccountOpened, 'es-US', 6);
  await says(residentLanguageChanged, 'en-AU', 8);
  await eventually(() => languageIs('en-AU', 'resident'), { timeoutMs: 20_000 });
  expect(await codeOf(suite.call(owner, updateResident, { residentId, language: 'fr-CA' }))).toBe('conflict.state');
  await suite.call(owner, updateResident, { residentId, language: null, firstName: 'Nora' });
  const { items } = await suite.call(owner, listTimeline, { residentId });
  expect(items.map(({ text }) => text)).toContain('They chose American English for their pages and mails.');
  expect(items.map(({ text }) => text)).not.toContain('They chose American Spanish for their pages and mails.');

  // wherever they live next
  const next = await suite.adopted(orgId, { connectionId: property.connectionId!, upstreamId: '4712', name: 'Casa Verde' });
  const there = await suite.registered(orgId, next, person('88'));
  expect(await suite.call(owner, getResident, { residentId: there })).toMatchObject({
    personId,
    language: 'en-AU',
    sources: { language: 'resident' },
  });
  await suite.registered(orgId, next, person('89'));
  await suite.registered(orgId, next, { ...person('90'), language: 'es-MX' });
  const readers = async (...language: string[]) =>
    (await suite.call(owner, listResidents, { propertyId: next.id, language })).items.map(({ upstreamId }) => upstreamId);
  expect(await readers('en')).toEqual(['88', '89']);
  expect(await readers('es', 'fr')).toEqual(['90']);
});
