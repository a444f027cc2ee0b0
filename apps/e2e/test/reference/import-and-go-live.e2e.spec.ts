import { startSimulators, type Simulators, type WorldState } from '@leasewire/simulators';
import { eventually } from '@leasewire/testing';
import { Api, Platform, mailTo } from '../../src/index.js';
import { LinkFollower } from './link-follower.js';
import { activationLink, linkIn, Mailbox } from './mailbox.js';

interface Resident {
  readonly id: string;
  readonly personId: string;
  readonly propertyId: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly state: string;
  readonly userTypes: readonly string[];
  readonly accountStatus: string | null;
  readonly assignable: boolean;
  readonly language: string | null;
  readonly sources: Readonly<Record<string, string>>;
}
interface Counts {
  readonly people: number;
  readonly welcome: number;
}
interface Estimate {
  readonly id: string;
  readonly totals: Counts;
  readonly properties: readonly (Counts & { readonly propertyId: string; readonly byUserType: Record<string, Counts> })[];
  readonly userTypesNotReceived: readonly string[];
  readonly acknowledgement: string;
  readonly confirmation: { readonly token: string };
}
interface Job {
  readonly id: string;
  readonly state: string;
  readonly counts: Record<string, number>;
}
interface Account {
  readonly status: string;
  readonly invitedAt: string;
  readonly expiresAt: string;
  readonly terms: { readonly version: number } | null;
}

jest.setTimeout(120_000);
const password = 'seven herons at dawn';
const everyType = ['owner-occupier', 'tenant', 'owner-investor', 'committee'];
const slow = { timeoutMs: 60_000, everyMs: 250 };

/** Every sentence of reference/001 and 002, over REST, with the mail read from the catcher and its link followed. */
describe('managing users through an integration partner', () => {
  const vendor = 'stratamax';
  let platform: Platform;
  let simulators: Simulators;
  let mailbox: Mailbox;
  let owner: Api;
  let connectionId: string;
  let communities: { propertyId: string; upstreamId: string }[];

  beforeAll(async () => {
    simulators = await startSimulators({ seed: 11, residents: 60, vendors: ['stratamax', 'propertyiq'] });
    platform = await Platform.start({
      services: ['gateway', 'identity', 'pms-sync', 'directory', 'onboarding', 'notifications'], // no audit: each costs seconds
      env: { LEASEWIRE_PMS_ALLOWED_HOSTS: '127.0.0.1' },
      envOf: {
        notifications: {
          ...mailTo(simulators.mail.smtp),
          LEASEWIRE_UNDO_MS: '0',
        },
      },
    });
    mailbox = new Mailbox(simulators.mail.url);
    owner = await platform.as('owner');
  }, 120_000);
  afterAll(() => simulators.close());

  const list = (community: number, query: string): Promise<Resident[]> =>
    owner.all<Resident>(`/v1/residents?propertyId=${communities[community]!.propertyId}&${query}`);
  const pendingOf = (community: number) => list(community, 'state=pending-import');
  const importedOf = (community: number) => list(community, 'state=active');
  /** How many mails went to the people of the communities. */
  async function welcomed(): Promise<number> {
    const all = (await Promise.all(communities.map((_, n) => list(n, 'state=active,pending-import,archived')))).flat();
    const { byRecipient } = simulators.mail.catcher.tally();
    return [...new Set(all.map(({ email }) => email))].reduce((sum, email) => sum + (byRecipient.get(email ?? '') ?? 0), 0);
  }
  async function connect(pms: string, access: object): Promise<string> {
    const made = await owner.expect<{ id: string }>(201, 'POST', '/v1/connections', { body: { pms, name: pms, ...access } });
    expect((await owner.expect(200, 'POST', `/v1/connections/${made.body.id}/test`)).body).toMatchObject({ ok: true });
    return made.body.id;
  }
  async function adopt(id: string): Promise<typeof communities> {
    const upstream = await owner.get<{ items: { id: string }[] }>(`/v1/connections/${id}/upstream-properties`);
    const adopted = await owner.expect<{ items: typeof communities }>(201, 'POST', `/v1/connections/${id}/properties`, {
      body: { properties: upstream.items.map((one) => ({ upstreamId: one.id })) },
    });
    return adopted.body.items;
  }
  const rowOf = (id: string) => owner.get<Resident>(`/v1/residents/${id}`);
  const accountOf = ({ personId }: Resident) => owner.get<Account>(`/v1/accounts/${personId}`);
  const withEmail = (all: readonly Resident[]): Resident[] => {
    const taken = new Map<string, number>();
    for (const { email } of all) if (email !== null) taken.set(email, (taken.get(email) ?? 0) + 1);
    return all.filter(({ email }) => email !== null && taken.get(email) === 1);
  };
  const shows = (id: string, status: string): Promise<Resident> =>
    eventually(async () => {
      const row = await rowOf(id);
      expect(row.accountStatus).toBe(status);
      return row;
    }, slow);
  async function over(path: string, body: object): Promise<Job> {
    const { body: job } = await owner.expect<Job>(202, 'POST', path, { body });
    return eventually(async () => {
      const now = await owner.get<Job>(`/v1/jobs/${job.id}`);
      expect(now.state).toBe('done');
      return now;
    }, slow);
  }
  async function sync(community: number): Promise<void> {
    const { propertyId } = communities[community]!;
    const runs = async () =>
      (await owner.get<{ items: { id: string; state: string }[] }>(`/v1/sync-runs?propertyId=${propertyId}`)).items;
    const before = new Set((await runs()).map(({ id }) => id));
    await owner.expect(202, 'POST', '/v1/sync-runs', { body: { target: { propertyIds: [propertyId] } } });
    await eventually(async () => expect((await runs()).find(({ id }) => !before.has(id))?.state).toBe('done'), slow);
  }
  /** Someone of the staff with exactly these permissions. */
  async function staffWith(name: string, permissions: object): Promise<Api> {
    const role = await owner.expect<{ id: string }>(201, 'POST', '/v1/roles', { body: { name, permissions } });
    const email = `${name.toLowerCase().replaceAll(' ', '.')}.${vendor}@harbour.example`;
    const made = await owner.expect<{ link: { url: string } }>(201, 'POST', '/v1/staff', {
      body: { email, name, roleIds: [role.body.id] },
    });
    const token = made.body.link.url.split('/').at(-1)!;
    await new Api(platform.url).expect(200, 'POST', `/v1/links/${token}/accept`, {
      body: { password: 'correct horse battery 41' },
    });
    return Api.signIn(platform.url, { email, password: 'correct horse battery 41' });
  }

  describe('Before You Get Started', () => {
    it.each([
      [
        'Integrations has full access selected',
        { 'accounts.integrations': 'view', 'residence.residence': 'full' },
        'accounts.integrations',
      ],
      [
        'Residence has full access selected',
        { 'accounts.integrations': 'full', 'residence.residence': 'view' },
        'residence.residence',
      ],
    ])('%s; without it the refusal names it and who can grant it', async (what, permissions, missing) => {
      const [word] = what.split(' ');
      const someone = await staffWith(`Lacks ${word} ${vendor}`, permissions);
      const anyProperty = 'prop_01jd3k8x9e7m2q4r5s6t7v8w9y';
      const selection = { ids: ['res_01jd3k8x9e7m2q4r5s6t7v8w9y'] };
      for (const [address, body] of [
        ['/v1/go-lives/estimate', { propertyIds: [anyProperty], userTypes: ['tenant'] }],
        ['/v1/go-lives/gol_01jd3k8x9e7m2q4r5s6t7v8w9y/cancel', {}],
        ['/v1/residents/import', { selection }],
        [`/v1/properties/${anyProperty}/pending-import/import`, { selection }],
      ] as const) {
        const refused = await someone.expect<{ detail: string }>(403, 'POST', address, { body });
        expect(JSON.stringify(refused.body)).toContain(missing);
        expect(refused.body.detail).toMatch(/Ask (an owner|someone who manages roles)/);
      }
    });
  });

  describe('Accessing Integrations', () => {
    it('Go to Settings, select Integrations, select your integration platform', async () => {
      const access = { settings: { baseUrl: simulators.stratamax.url }, credentials: { apiKey: simulators.stratamax.apiKey } };
      connectionId = await connect(vendor, access);
    });

    it('Open the User Management tab: the buildings of the platform, with who waits in each', async () => {
      communities = await adopt(connectionId);
      for (const [n] of communities.entries())
        await eventually(async () => expect((await pendingOf(n)).length).toBeGreaterThan(2), slow);
      expect(await importedOf(0)).toHaveLength(0);
      expect(await welcomed()).toBe(0);
    });

    it('All platforms have the same logic and steps: PropertyIQ is managed in the same way', async () => {
      const { url: baseUrl, clientId, clientSecret } = simulators.propertyiq;
      const other = await adopt(await connect('propertyiq', { settings: { baseUrl }, credentials: { clientId, clientSecret } }));
      const propertyIds = other.map(({ propertyId }) => propertyId);
      await eventually(async () => {
        const { body } = await owner.expect<Estimate>(201, 'POST', '/v1/go-lives/estimate', {
          body: { propertyIds, userTypes: everyType },
        });
        expect(body.totals.people).toBeGreaterThan(2);
      }, slow);
    });
  });

  describe('Importing specific users', () => {
    it('Option 1: select rows in Pending Import and click Import', async () => {
      const some = withEmail(await pendingOf(0)).slice(0, 2);
      expect(await over('/v1/residents/import', { selection: { ids: some.map(({ id }) => id) } })).toMatchObject({
        counts: { done: 2 },
      });
      const imported = await importedOf(0);
      expect(imported.map(({ id }) => id).sort()).toEqual(some.map(({ id }) => id).sort());
    });

    it('Option 2: import a specific user from the row', async () => {
      const [one] = withEmail(await pendingOf(0));
      await over('/v1/residents/import', { selection: { ids: [one!.id] } });
      expect((await rowOf(one!.id)).state).toBe('active');
    });

    it('Pending Import and Imported are two lists of the building, with the filters of residents and how far it is', async () => {
      const at = `/v1/properties/${communities[0]!.propertyId}`;
      const [pending, imported] = [await pendingOf(0), await importedOf(0)];
      const idsOf = (all: readonly Resident[]): string[] => all.map(({ id }) => id).sort();
      expect(idsOf(await owner.all<Resident>(`${at}/pending-import`))).toEqual(idsOf(pending));
      expect(idsOf(await owner.all<Resident>(`${at}/imported`))).toEqual(idsOf(imported));
      const typed = pending.filter(({ userTypes }) => userTypes.includes('tenant'));
      expect(idsOf(await owner.all<Resident>(`${at}/pending-import?userType=tenant`))).toEqual(idsOf(typed));
      expect(await owner.get(`${at}/import-progress`)).toMatchObject({
        ...{ importMode: 'manual', setBy: 'rule', pending: pending.length, imported: imported.length, dismissed: 0 },
        pendingWithoutEmail: pending.filter(({ email }) => email === null).length,
      });
      const preview = { body: { importMode: 'automatic' } };
      const { body } = await owner.expect<{ sentences: string[] }>(200, 'POST', `${at}/import-mode/preview`, preview);
      expect(body).toMatchObject({ changes: true, pending: pending.length });
      expect(body.sentences.join(' ')).toContain('go on waiting until they are imported or dismissed');
    });

    it('Imported users appear in the Imported tab and receive a welcome email automatically', async () => {
      for (const { email } of await importedOf(0)) await mailbox.letter(email!);
    });

    it('Users are then able to receive communications and be assigned to requests', async () => {
      for (const { id, assignable } of await importedOf(0)) {
        expect(assignable).toBe(true);
        const preview = await eventually(async () => {
          const { body } = await owner.expect<{ reach: { reached: number } }>(200, 'POST', '/v1/messages/preview', {
            body: { draft: { audience: { residents: { ids: [id] } }, subject: 'Hello', body: '<p>Hello</p>' } },
          });
          expect(body.reach.reached).toBe(1);
          return body;
        }, slow);
        expect(preview.reach.reached).toBe(1);
      }
    });

    it('Under Residents, Users, their status is Pending activation', async () => {
      for (const { id } of await importedOf(0)) await shows(id, 'pending-activation');
      expect(await list(0, 'accountStatus=pending-activation')).toHaveLength(3);
    });

    it('All that match a filter are imported, but those who are left out', async () => {
      const at = `/v1/properties/${communities[0]!.propertyId}/pending-import`;
      const [wanted] = withEmail(await pendingOf(0));
      const userType = [wanted!.userTypes[0]!];
      const matching = await owner.all<Resident>(`${at}?userType=${userType[0]}`);
      const except = matching.map(({ id }) => id).filter((id) => id !== wanted!.id);
      expect(except.length).toBeGreaterThan(0);
      const { counts } = await over(`${at}/import`, { selection: { filter: { userType }, except } });
      expect(counts).toMatchObject({ done: 1, skipped: 0, failed: 0 });
      await mailbox.letter(wanted!.email!);
      const imported = (await importedOf(0)).map(({ id }) => id);
      expect([imported.length, imported.includes(wanted!.id)]).toEqual([4, true]);
    });
  });

  describe('Importing users using the Go Live button', () => {
    let estimate: Estimate;
    let before: number;

    it('Choose user types, for multiple communities: owner-occupier, tenant, owner-investor, committee', async () => {
      const propertyIds = communities.map(({ propertyId }) => propertyId);
      const waiting = (await Promise.all(communities.map((_, n) => pendingOf(n)))).flat();
      await eventually(async () => {
        const asked = await owner.expect<Estimate>(201, 'POST', '/v1/go-lives/estimate', {
          body: { propertyIds, userTypes: everyType },
        });
        estimate = asked.body;
        expect(estimate.totals.people).toBe(waiting.length);
      }, slow);
      expect(Object.keys(estimate.properties[0]!.byUserType).sort()).toEqual([...everyType].sort());
    });

    it('Property Manager and Other user types are not received from the API', async () => {
      expect(estimate.userTypesNotReceived).toEqual(['property-manager', 'other']);
      const body = { propertyIds: [communities[0]!.propertyId], userTypes: ['property-manager'] };
      await owner.expect(400, 'POST', '/v1/go-lives/estimate', { body });
    });

    it('Click “I understand” to confirm; the estimated number of welcome emails is shown', async () => {
      expect(estimate.acknowledgement).toContain(`${estimate.totals.welcome} welcome e-mail`);
      const body = { token: estimate.confirmation.token, understood: false };
      await owner.expect(422, 'POST', `/v1/go-lives/${estimate.id}/start`, { body });
      before = await welcomed();
    });

    it('Click Proceed, twice: as many mails as were estimated, and each person one', async () => {
      const body = { token: estimate.confirmation.token, understood: true };
      const clicks = await Promise.all(
        [1, 2].map(() => owner.expect<Job>(202, 'POST', `/v1/go-lives/${estimate.id}/start`, { body })),
      );
      expect(clicks[0]!.body.id).toBe(clicks[1]!.body.id);
      await eventually(async () => expect((await owner.get<Job>(`/v1/jobs/${clicks[0]!.body.id}`)).state).toBe('done'), slow);
      await eventually(async () => expect(await welcomed()).toBe(before + estimate.totals.welcome), slow);
      const imported = (await Promise.all(communities.map((_, n) => importedOf(n)))).flat();
      for (const { email } of withEmail(imported)) expect((await mailbox.list(email!)).length).toBeLessThanOrEqual(1);
    });

    it('Individual community: Go Live in its row finds nobody else to import', async () => {
      const { body } = await owner.expect<Estimate>(201, 'POST', '/v1/go-lives/estimate', {
        body: { propertyIds: [communities[0]!.propertyId], userTypes: everyType },
      });
      expect(body.totals).toMatchObject({ people: 0, welcome: 0 });
    });
  });

  describe('Automatic import', () => {
    let newcomer: Resident;

    it('is triggered when none remain in Pending Import', async () => {
      const rest = await pendingOf(0);
      if (rest.length > 0) await over('/v1/residents/import', { selection: { ids: rest.map(({ id }) => id) } });
      await eventually(async () => {
        const property = await owner.get<{ importMode: string }>(`/v1/properties/${communities[0]!.propertyId}`);
        expect(property.importMode).toBe('automatic');
      }, slow);
    });

    it('Future residents added in the integration platform appear with a status of Not Invited', async () => {
      const { upstreamId } = communities[0]!;
      const before = new Set((await importedOf(0)).map(({ id }) => id));
      const world = (await simulators.control.get(`state?vendor=${vendor}&propertyId=${upstreamId}`)) as WorldState;
      const [seller] = world.residents.filter(({ shown, stays }) => shown && stays.length > 0);
      const email = `newcomer.${vendor}@example.com`;
      await simulators.control
        .post('change', { customerId: seller!.customerId, email: `gone.${vendor}@example.com` })
        .catch(() => undefined);
      await simulators.control.post('move-in', {
        propertyId: upstreamId,
        unitId: seller!.stays[0]!.unitId,
        person: { firstName: 'New', lastName: 'Comer', email },
      });
      await sync(0);
      newcomer = await eventually(async () => {
        const found = (await importedOf(0)).find((one) => !before.has(one.id));
        expect(found).toBeDefined();
        return found!;
      }, slow);
      await shows(newcomer.id, 'not-invited');
      expect(await mailbox.list(newcomer.email!)).toHaveLength(0);
    });

    it('Filter by Not Invited, select all, Resend Invitation: the users are Pending Activation', async () => {
      const filter = { propertyId: communities[0]!.propertyId, accountStatus: ['not-invited'] };
      const job = await over('/v1/invitations/resend', { selection: { filter } });
      expect(job.counts['done']).toBeGreaterThan(0);
      await shows(newcomer.id, 'pending-activation');
      await mailbox.letter(newcomer.email!);
    });
  });

  describe('Resident Statuses', () => {
    const someone = async (n: number): Promise<Resident> =>
      withEmail(await importedOf(0)).filter(({ accountStatus }) => accountStatus === 'pending-activation')[n]!;

    it('Pending Activation: for 7 days or until they activate their account', async () => {
      const { invitedAt, expiresAt } = await accountOf(await someone(0));
      expect(Date.parse(expiresAt) - Date.parse(invitedAt)).toBe(7 * 86_400_000);
    });

    it('Live: after they click the link in the welcome email, set a password, and agree to the terms and conditions', async () => {
      const who = await someone(0);
      const link = activationLink(await mailbox.letter(who.email!));
      const { status, text } = await new LinkFollower(platform.url).activate(link, password);
      expect([status, text.includes('Hello ')]).toEqual([200, true]); // signed in, on the own page
      await shows(who.id, 'live');
      expect((await accountOf(who)).terms).not.toBeNull();
    });

    it('Live, who forgot the password: gets a link for a new one, and is told that it was changed', async () => {
      const [who] = withEmail(await importedOf(0)).filter(({ accountStatus }) => accountStatus === 'live');
      const browser = new LinkFollower(platform.url);
      await browser.submit('/password/forgot', { email: who!.email! });
      const link = linkIn(await mailbox.letter(who!.email!, 2), '/password/');
      const changed = 'nine herons at dusk';
      expect((await browser.submit(link, { password: changed, repeated: changed })).text).toContain('Hello ');
      expect((await mailbox.letter(who!.email!, 3)).subject).toContain('was changed');
    });

    it('Activation Expired: who does not activate in time; the link expires, and the mail has to be resent', async () => {
      const { propertyId } = communities[0]!;
      await owner.expect(200, 'PATCH', `/v1/properties/${propertyId}/invitation-settings`, { body: { validForSeconds: 3 } });
      const who = await someone(0);
      await over('/v1/invitations/resend', { selection: { ids: [who.id] } });
      const dead = activationLink(await mailbox.letter(who.email!, 2));
      await shows(who.id, 'activation-expired');
      const { status, text } = await new LinkFollower(platform.url).open(dead);
      expect([status, text.includes('This link has expired'), text.includes('Send me a new link')]).toEqual([410, true, true]);
      await owner.expect(200, 'PATCH', `/v1/properties/${propertyId}/invitation-settings`, {
        body: { validForSeconds: 604_800 },
      });
      await over('/v1/invitations/resend', { selection: { filter: { propertyId, accountStatus: ['activation-expired'] } } });
      await shows(who.id, 'pending-activation');
      const link = activationLink(await mailbox.letter(who.email!, 3));
      await new LinkFollower(platform.url).activate(link, password);
      await shows(who.id, 'live');
    });

    it('the report tells how many are where', async () => {
      const { items } = await owner.get<{ items: Record<string, number>[] }>(
        `/v1/invitations/report?propertyId=${communities[0]!.propertyId}`,
      );
      expect(items[0]).toMatchObject({ live: 2, opened: 2, pendingImport: 0 });
    });
  });

  describe('The language of a resident', () => {
    const people = ['rosa', 'luc', 'ann'] as const;
    const anyVersion = { 'if-match': '*' };
    const emailOf = (name: string): string => `${name}@casa.example`;
    const residents: Resident[] = [];
    let propertyId: string;
    const letters = async (count: number, subjects: readonly string[]): Promise<void> => {
      const found = await Promise.all(people.map((name) => mailbox.letter(emailOf(name), count)));
      expect(found.map(({ subject }) => subject)).toEqual(subjects);
    };
    const linkOf = async (name: string): Promise<string> => activationLink(await mailbox.letter(emailOf(name)));

    it('is the property’s, or what staff say: the welcome mail is written in it', async () => {
      const made = await owner.expect<{ id: string }>(201, 'POST', '/v1/properties', {
        body: { name: 'Casa Azul', kind: 'rental', timeZone: 'America/Los_Angeles', country: 'US', currency: 'USD' },
      });
      propertyId = made.body.id;
      await owner.expect(200, 'PATCH', `/v1/properties/${propertyId}`, { body: { language: 'es' }, headers: anyVersion });
      for (const name of people) {
        const { body } = await owner.expect<Resident>(201, 'POST', '/v1/residents', {
          body: { propertyId, firstName: name, lastName: 'Moreau', email: emailOf(name), userTypes: ['committee'] },
        });
        expect([body.language, body.sources['language']]).toEqual(['es', undefined]);
        residents.push(body);
      }
      const luc = await owner.expect<Resident>(200, 'PATCH', `/v1/residents/${residents[1]!.id}`, {
        body: { language: 'fr' },
        headers: anyVersion,
      });
      expect([luc.body.language, luc.body.sources['language']]).toEqual(['fr', 'staff']);
      expect(await owner.all<Resident>(`/v1/residents?propertyId=${propertyId}&language=fr`)).toHaveLength(1);
      // else access that opens mails them too, before or after those who are named below, as it happens
      const byHand = { body: { newPeople: 'by-hand' } };
      await owner.expect(200, 'PATCH', `/v1/properties/${propertyId}/invitation-settings`, byHand);
      const { digest } = await owner.get<{ digest: string }>(`/v1/properties/${propertyId}/start-estimate`);
      await owner.expect(200, 'POST', `/v1/properties/${propertyId}/start-service`, { body: { digest } });
      await over('/v1/invitations/resend', { selection: { ids: residents.map(({ id }) => id) } });
      await letters(1, [
        'Te damos la bienvenida a Casa Azul: activa tu cuenta',
        'Bienvenue à Casa Azul : activez votre compte',
        'Te damos la bienvenida a Casa Azul: activa tu cuenta',
      ]);
    });

    it('is that of the activation page, until they pick another one there, which is then theirs', async () => {
      for (const [name, language] of [
        ['rosa', 'es'],
        ['luc', 'fr'],
        ['ann', 'es'],
      ] as const) {
        const { text } = await new LinkFollower(platform.url).open(await linkOf(name));
        expect(text).toContain(`<html lang="${language}">`);
      }
      await new LinkFollower(platform.url).activate(await linkOf('rosa'), password);
      await new LinkFollower(platform.url).activate(await linkOf('luc'), password);
      const { text } = await new LinkFollower(platform.url).activate(`${await linkOf('ann')}?language=en`, password);
      expect(text).toMatch(/<html lang="en">[\s\S]*Hello ann Moreau/);
      const own = ['es', 'fr', 'en-US'].map((language) => [language, 'resident']);
      await eventually(async () => {
        const rows = await Promise.all(residents.map(({ id }) => rowOf(id)));
        expect(rows.map(({ language, sources }) => [language, sources['language']])).toEqual(own);
      }, slow);
      await owner.expect(409, 'PATCH', `/v1/residents/${residents[2]!.id}`, { body: { language: 'es' }, headers: anyVersion });
    });

    it('is that of every later mail: a message with translations, a link for a new password', async () => {
      const draft = {
        propertyId,
        audience: { propertyIds: [propertyId] },
        ...{ subject: 'Water is off on Tuesday', body: '<p>From 9 to 12.</p>' },
        translations: [
          { language: 'es', subject: 'El martes no hay agua', body: '<p>De 9 a 12.</p>' },
          { language: 'fr', subject: 'Pas d’eau mardi', body: '<p>De 9 h à 12 h.</p>' },
        ],
      };
      const { body } = await owner.expect<{ token: string }>(200, 'POST', '/v1/messages/preview', { body: { draft } });
      await owner.expect(201, 'POST', '/v1/messages', { body: { draft, token: body.token } });
      await letters(2, ['El martes no hay agua', 'Pas d’eau mardi', 'Water is off on Tuesday']);
      for (const name of people) await new LinkFollower(platform.url).submit('/password/forgot', { email: emailOf(name) });
      await letters(3, [
        'Nueva contraseña para Casa Azul',
        'Nouveau mot de passe pour Casa Azul',
        'Set a new password for Casa Azul',
      ]);
    });
  });
});
