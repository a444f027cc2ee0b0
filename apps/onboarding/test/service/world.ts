import { isDeepStrictEqual } from 'node:util';
import {
  directorySnapshot,
  DomainError,
  deliveryChanged,
  estimateStart,
  getImportProgress,
  getOrganization,
  getProperty,
  getTemplate,
  organizationClosed,
  organizationKept,
  consentRecorded,
  importResidents,
  jobRpcs,
  openResidentAccount,
  propertyAdded,
  propertyChanged,
  propertyServiceStarted,
  raiseAlert,
  residentAccountClosed,
  residentAccessChanged,
  residentArchived,
  residentDetailsChanged,
  residentImported,
  residentRegistered,
  resolveAudience,
  sendTemplate,
  setResidentPassword,
  startService as startPropertyService,
  suppressionAdded,
  suppressionReleased,
  withdrawMessage,
  type DeliveryFacts,
  type EventContract,
  type InputOf,
  type JobItemView,
  type JobView,
  type OrgId,
  type OutputOf,
  type PersonId,
  type Property,
  type PropertyId,
  type Resident,
  type ResidentId,
  type RpcContract,
  type Suppression,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { connectAs, outgoing, type Peer } from '@leasewire/testing';
import { headers, type Msg } from '@nats-io/transport-node';

interface Mail {
  readonly orgId: OrgId;
  readonly key: string;
  readonly input: InputOf<typeof sendTemplate>;
}
const { getJob, listJobItems } = jobRpcs('directory');
interface ImportJob {
  readonly view: JobView;
  readonly items: readonly JobItemView[];
}
interface Caller {
  readonly orgId: OrgId;
  /** Of the call, for whoever repeats it. */
  readonly key: string;
}

/** The services around onboarding, as simple as can be: who lives where, who has which password, which mail went out. */
export class World {
  readonly properties = new Map<PropertyId, Property & { orgId: OrgId }>();
  readonly residents = new Map<ResidentId, Resident & { orgId: OrgId }>();
  readonly mails: Mail[] = [];
  readonly alerts: { readonly orgId: OrgId; readonly input: InputOf<typeof raiseAlert> }[] = [];
  /** Keys of mails that were taken back. */
  readonly withdrawn: string[] = [];
  readonly passwords = new Map<string, string>();
  /** Whose password opens their account. */
  readonly opened = new Set<string>();
  /** Comes between the password and the account of whoever activates. */
  beforePasswordIsSet: () => Promise<void> = () => Promise.resolve();
  /** Whose import mode staff set themselves. */
  readonly setByStaff = new Set<PropertyId>();
  /** The welcome texts that staff wrote, by property; '' of the whole organization. */
  readonly texts = new Map<string, string>();
  readonly #answers = new Map<string, (msg: Msg) => Promise<void>>();
  readonly #imports = new Map<string, ImportJob>();
  /** How the next imports of directory end, beside well. */
  readonly importsEnd: ('cancelled' | 'failed')[] = [];
  /** How often directory says that people changed under the hands of whoever starts a service. */
  startsRefused = 0;
  readonly #versions = new Map<string, number>();
  /** The next calls of this method are done, and whoever called does not learn of it. */
  readonly lost = new Map<string, number>();

  readonly #held = new Map<string, { readonly until: Promise<void>; readonly letGo: () => void }>();

  private constructor(
    readonly directory: Peer,
    readonly identity: Peer,
    readonly notifications: Peer,
  ) {
    this.#on(directory, getProperty, ({ propertyId }) => this.#property(propertyId));
    this.#on(directory, getImportProgress, ({ propertyId }) => this.#progress(propertyId));
    this.#on(directory, estimateStart, ({ propertyId }) => ({
      propertyId,
      residents: 0,
      withoutEmail: 0,
      gainAccess: 0,
      digest: 'd',
    }));
    this.#on(directory, startPropertyService, ({ propertyId }) => this.startService(propertyId));
    this.#on(directory, importResidents, (input, caller) => this.#import(input, caller));
    this.#on(directory, getJob, ({ jobId }) => this.#importJob(jobId).view);
    this.#on(directory, listJobItems, ({ jobId }) => ({ items: this.#importJob(jobId).items, nextCursor: null }));
    this.#on(directory, resolveAudience, (input, { orgId }) => this.#audience(input, orgId));
    this.#on(directory, directorySnapshot, () => this.#snapshot());
    this.#on(identity, setResidentPassword, async (input) => {
      await this.beforePasswordIsSet();
      return this.#setPassword(input);
    });
    this.#on(identity, openResidentAccount, ({ personId }) => {
      this.opened.add(personId);
      return {};
    });
    this.#on(identity, getOrganization, (_input, { orgId }) => organizationOf(orgId));
    this.#on(notifications, getTemplate, (input) => this.#template(input));
    this.#on(notifications, raiseAlert, (input, { orgId }) => {
      this.alerts.push({ orgId, input });
      return { told: 1 };
    });
    this.#on(notifications, withdrawMessage, ({ key }) => {
      if (!this.mails.some((mail) => mail.key === key)) throw new DomainError('not-found', 'Nothing was sent under this key.');
      this.withdrawn.push(key);
      return { withdrawn: 1 };
    });
    this.#on(notifications, sendTemplate, (input, { orgId }) => this.#send(input, orgId));
    this.#serve('directory', directory);
    this.#serve('identity', identity);
    this.#serve('notifications', notifications);
  }

  static async start(): Promise<World> {
    const world = new World(await connectAs('directory'), await connectAs('identity'), await connectAs('notifications'));
    await Promise.all([
      world.directory.bus.ensureStream('directory'),
      world.identity.bus.ensureStream('identity'),
      world.notifications.bus.ensureStream('notifications'),
    ]);
    return world;
  }

  async property(orgId: OrgId, facts: Partial<Property> = {}): Promise<Property> {
    const id = newId('prop');
    const example = propertyAdded.schema.parse(propertyAdded.example).property;
    const property: Property = { ...example, id, kind: 'strata', importMode: 'manual', serviceStartedAt: null, ...facts };
    this.properties.set(id, { ...property, orgId });
    await this.#tell(propertyAdded, orgId, id, { property });
    return property;
  }

  async changeProperty(id: PropertyId, facts: Partial<Property>): Promise<void> {
    const before = this.properties.get(id)!;
    const after = { ...before, ...facts };
    this.properties.set(id, after);
    const { orgId, ...property } = after;
    await this.#tell(propertyChanged, orgId, id, { property });
  }

  async resident(orgId: OrgId, propertyId: PropertyId, facts: Partial<Resident> = {}): Promise<Resident> {
    const id = newId('res');
    const resident: Resident = {
      ...residentRegistered.schema.parse(residentRegistered.example).resident,
      id,
      propertyId,
      personId: newId('per'),
      email: `${id.slice(-8)}@example.com`,
      displayName: `Noor ${id.slice(-6)}`,
      userTypes: ['owner-occupier'],
      state: 'pending-import',
      access: { from: null, until: null, open: false, reason: 'not-imported' },
      ...facts,
    };
    this.residents.set(id, { ...resident, orgId });
    await this.#tell(residentRegistered, orgId, id, { resident, changed: [] });
    return resident;
  }

  async change(id: ResidentId, facts: Partial<Resident>, contract: EventContract = residentDetailsChanged): Promise<void> {
    const after = { ...this.residents.get(id)!, ...facts };
    this.residents.set(id, after);
    const { orgId, ...resident } = after;
    await this.#tell(contract, orgId, id, { resident, changed: Object.keys(facts) });
  }

  archive(id: ResidentId): Promise<void> {
    return this.change(id, { state: 'archived', archivedReason: 'moved-out' }, residentArchived);
  }

  /** Staff import them on the page of directory. */
  importOne(id: ResidentId): Promise<void> {
    return this.change(id, { state: 'active' }, residentImported);
  }

  /** What notifications says became of a mail. */
  async delivery(mail: Mail, facts: Partial<DeliveryFacts>): Promise<void> {
    const id = `dlv_${mail.key}`;
    const version = (this.#versions.get(id) ?? 0) + 1;
    const delivery = { ...deliveryChanged.example.delivery, key: mail.key, service: 'onboarding', ...facts, version };
    await this.#tell(deliveryChanged, mail.orgId, id, { delivery }, this.notifications);
  }

  /** What somebody said about mail of their property. */
  async says(orgId: OrgId, personId: PersonId, answer: 'granted' | 'refused'): Promise<void> {
    const consent = { ...consentRecorded.example.consent, personId, channel: 'email', category: 'operational', answer };
    await this.#tell(consentRecorded, orgId, `consent:${personId}`, { consent }, this.notifications);
  }

  /** notifications writes to this address no more. */
  async suppress(orgId: OrgId, address: string): Promise<Suppression> {
    const { suppression: example } = suppressionAdded.schema.parse(suppressionAdded.example);
    const suppression: Suppression = { ...example, id: newId('sup'), channel: 'email', address, state: 'active' };
    await this.#tell(suppressionAdded, orgId, suppression.id, { suppression }, this.notifications);
    return suppression;
  }

  /** … and does again. */
  async release(orgId: OrgId, suppression: Suppression): Promise<void> {
    const released = { ...suppression, state: 'released' };
    await this.#tell(suppressionReleased, orgId, suppression.id, { suppression: released }, this.notifications);
  }

  /** On their own page, with their password. */
  async closesAccount(orgId: OrgId, personId: PersonId): Promise<void> {
    this.passwords.delete(personId);
    const account = { ...residentAccountClosed.schema.parse(residentAccountClosed.example).account, personId, state: 'closed' };
    await this.#tell(residentAccountClosed, orgId, personId, { account }, this.identity);
  }

  /** Its owner closed it some days ago, or the operator opens it again. */
  async closes(orgId: OrgId, closed = true): Promise<void> {
    const contract = closed ? organizationClosed : organizationKept;
    await this.#tell(contract, orgId, orgId, { organization: organizationOf(orgId) }, this.identity);
  }

  /** Calls of this wait until they are let go. */
  hold({ name }: RpcContract): void {
    let letGo = (): void => undefined;
    const until = new Promise<void>((resolve) => (letGo = resolve));
    this.#held.set(name, { until, letGo });
  }

  letGo({ name }: RpcContract): void {
    this.#held.get(name)?.letGo();
    this.#held.delete(name);
  }

  /** With it, access opens for those who waited for nothing else. */
  async startService(id: PropertyId): Promise<Property> {
    const before = this.properties.get(id)!;
    if (before.serviceStartedAt !== null) throw new DomainError('conflict.state', 'It was started before.');
    if (this.startsRefused-- > 0) throw new DomainError('start.estimate-changed', 'Look again and confirm.');
    const after = { ...before, serviceStartedAt: new Date().toISOString() };
    this.properties.set(id, after);
    const { orgId, ...property } = after;
    await this.#tell(propertyServiceStarted, orgId, id, { property });
    const opens = [...this.residents.values()].filter(
      ({ propertyId, access }) => propertyId === id && access.reason === 'service-not-started',
    );
    for (const { id: residentId } of opens) await this.change(residentId, { access: open }, residentAccessChanged);
    return property;
  }

  mailsTo(email: string): Mail[] {
    return this.mails.filter(({ input }) => input.recipients.some((to) => to.kind === 'address' && to.email === email));
  }

  tokenIn({ input }: Mail): string {
    return input.secrets!['activation.link']!.split('/activate/')[1]!;
  }

  async #tell(contract: EventContract, orgId: OrgId, subject: string, data: unknown, as = this.directory): Promise<void> {
    const version = (this.#versions.get(subject) ?? 0) + 1;
    this.#versions.set(subject, version);
    await as.bus.publish(outgoing(contract, { orgId, subject, version, data }));
  }

  #progress(propertyId: PropertyId): OutputOf<typeof getImportProgress> {
    const pending = [...this.residents.values()].filter((one) => one.propertyId === propertyId && one.state === 'pending-import');
    const { importMode } = this.#property(propertyId);
    return {
      ...{ propertyId, importMode, setBy: this.setByStaff.has(propertyId) ? 'staff' : 'rule', lastSweepAt: null },
      ...{
        pending: pending.length,
        pendingByUserType: {},
        pendingWithoutEmail: 0,
        imported: 0,
        dismissed: 0,
        next: [],
        version: 1,
      },
    };
  }

  #property(id: PropertyId): Property {
    const property = this.properties.get(id);
    if (!property) throw new DomainError('not-found', 'There is no such property.');
    const { orgId: _orgId, ...rest } = property;
    return rest;
  }

  /** The same call is done once. */
  async #import({ selection, dismiss }: InputOf<typeof importResidents>, { orgId, key }: Caller): Promise<JobView> {
    const known = this.#imports.get(key);
    if (known) return known.view;
    const ids = 'ids' in selection ? selection.ids : [];
    const job = importJob(orgId, ids, this.importsEnd.shift() ?? 'done');
    this.#imports.set(key, job);
    if (job.view.state === 'done')
      for (const id of ids) if (this.residents.get(id)?.state === 'pending-import' && dismiss !== true) await this.importOne(id);
    return job.view;
  }

  #importJob(id: string): ImportJob {
    const job = [...this.#imports.values()].find(({ view }) => view.id === id);
    if (!job) throw new DomainError('not-found', 'There is no such job.');
    return job;
  }

  #audience({ selection, properties }: InputOf<typeof resolveAudience>, orgId: OrgId): OutputOf<typeof resolveAudience> {
    const all = [...this.residents.values()].filter((one) => one.orgId === orgId);
    const meant = all.filter((one) => {
      if (properties !== 'all' && !properties.includes(one.propertyId)) return false;
      if ('ids' in selection) return selection.ids.includes(one.id);
      return (
        'filter' in selection && (selection.filter.propertyId ?? one.propertyId) === one.propertyId && one.state !== 'archived'
      );
    });
    const items = meant.map((one) => ({
      ...{
        residentId: one.id,
        personId: one.personId,
        propertyId: one.propertyId,
        unitIds: [],
        unit: null,
        bedroom: null,
        lease: null,
      },
      ...{ name: { first: 'Noor', last: 'Haddad' }, displayName: one.displayName, email: one.email, sharedEmail: false },
      ...{ phone: null, language: null, state: one.state, userTypes: one.userTypes, leaseStatus: null, accountStatus: null },
      ...{ access: { open: one.access.open, reason: one.access.reason }, assignable: true, issues: [], version: 1 },
    }));
    return { items: items.sort((a, b) => (a.residentId < b.residentId ? -1 : 1)), nextCursor: null };
  }

  #snapshot(): OutputOf<typeof directorySnapshot> {
    const of = (id: string, orgId: OrgId) => ({ id, orgId, version: this.#versions.get(id) ?? 1, epoch: 1 });
    const properties = [...this.properties.values()].map(({ orgId, ...data }) => ({
      entity: 'property',
      ...of(data.id, orgId),
      data,
    }));
    const residents = [...this.residents.values()].map(({ orgId, ...data }) => ({
      entity: 'resident',
      ...of(data.id, orgId),
      data,
    }));
    return { items: [...properties, ...residents], nextCursor: null, position: 0 };
  }

  #setPassword({
    personId,
    email,
    name,
    password,
    opens,
  }: InputOf<typeof setResidentPassword>): OutputOf<typeof setResidentPassword> {
    if (password.startsWith('password'))
      throw new DomainError('password.too-weak', 'This is a common password.', { reason: 'common' });
    this.passwords.set(personId, password);
    if (opens !== 'when-activated') this.opened.add(personId);
    const at = new Date().toISOString();
    return {
      ...{ personId, email, name, emailSource: 'directory', locale: 'en-US', state: 'active', passwordSetAt: at },
      ...{ lastSignInAt: null, version: 1, createdAt: at, updatedAt: at },
    };
  }

  #template({ name, propertyId }: InputOf<typeof getTemplate>): OutputOf<typeof getTemplate> {
    const subject = this.texts.get(propertyId ?? '') ?? this.texts.get('') ?? 'Welcome';
    const text = { subject, preheader: '', body: '<p>{{ activation.link }}</p>', sms: null };
    return {
      ...{ name, label: 'Welcome', describe: 'Invites.', audience: 'resident', category: 'security', channels: ['email'] },
      ...{ propertyId: propertyId ?? null, sources: {}, version: 0, changedAt: null, changedBy: null, fields: [], own: {} },
      texts: { en: text, es: text, fr: text },
    };
  }

  #send(input: InputOf<typeof sendTemplate>, orgId: OrgId): OutputOf<typeof sendTemplate> {
    const before = this.mails.find(({ key }) => key === input.key);
    if (before && !isDeepStrictEqual(before.input, input))
      throw new DomainError('idempotency.key-reused', 'Used with other input.');
    if (!before) this.mails.push({ orgId, key: input.key, input });
    return { messageId: newId('msg') };
  }

  #on<C extends RpcContract>(peer: Peer, contract: C, answer: (input: InputOf<C>, caller: Caller) => unknown): void {
    this.#answers.set(contract.name, async (msg) => {
      const header = headers();
      await this.#held.get(contract.name)?.until;
      try {
        // one that a test’s leap in time overtook has expired, and is told so
        const actor = peer.assertions.verify(msg.headers?.get('lw-assertion') ?? '');
        const key = msg.headers?.get('lw-idempotency-key') ?? '';
        const output = await answer(msg.json<InputOf<C>>(), { orgId: actor.orgId!, key });
        const lost = this.lost.get(contract.name) ?? 0;
        if (lost > 0) {
          this.lost.set(contract.name, lost - 1);
          throw new DomainError('unavailable', 'The answer was lost.');
        }
        header.set('lw-ok', '1');
        msg.respond(JSON.stringify(output), { headers: header });
      } catch (error) {
        header.set('lw-ok', '0');
        const body = error instanceof DomainError ? error.toBody() : { code: 'internal', message: String(error) };
        msg.respond(JSON.stringify(body), { headers: header });
      }
    });
  }

  /** As the service itself would: one subscription, in the queue group of its name. */
  #serve(service: string, peer: Peer): void {
    const callback = (error: Error | null, msg: Msg): void => {
      if (error) throw error;
      void this.#answers.get(msg.subject.slice('rpc.'.length))?.(msg);
    };
    peer.nats.subscribe(`rpc.${service}.>`, { queue: service, callback });
  }
}

const organizationOf = (id: OrgId): OutputOf<typeof getOrganization> => {
  const at = '2026-11-20T09:00:00.000Z';
  return { id, name: 'Harbour Living', version: 1, createdAt: at, updatedAt: at };
};

const open: Resident['access'] = { from: null, until: null, open: true, reason: 'lease' };

/** One that failed found nobody; one that was cancelled began with nobody. */
function importJob(orgId: OrgId, ids: readonly ResidentId[], state: 'done' | 'cancelled' | 'failed'): ImportJob {
  const at = new Date().toISOString();
  const found = state === 'failed' ? [] : ids;
  const reason = { code: 'job.cancelled', message: 'The job was cancelled before this item began.' };
  const counts = { waiting: 0, doing: 0, done: 0, skipped: 0, failed: 0, held: 0 };
  return {
    view: {
      id: newId('job_directory'),
      orgId,
      name: 'directory.import-residents',
      state,
      total: found.length,
      counts: { ...counts, [state === 'done' ? 'done' : 'skipped']: found.length },
      ...(state === 'failed' && { reason: 'A fault of ours; the log has it.' }),
      createdBy: 'service:onboarding',
      createdAt: at,
      version: 1,
    },
    items: found.map((key) => (state === 'done' ? { key, state, at } : { key, state: 'skipped', reason, at })),
  };
}
