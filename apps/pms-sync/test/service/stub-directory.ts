import {
  adoptProperty,
  applySync,
  applyUnits,
  countResidents,
  DomainError,
  eventSubject,
  getProperty,
  listResidents,
  listUnits,
  planSync,
  syncBasis,
  releaseProperty,
  resolveResidents,
  resolveUnits,
  type EventContract,
  type InputOf,
  type OrgId,
  type OutputOf,
  type PersonOutcome,
  type Property,
  type PropertyId,
  type Resident,
  type RpcContract,
  type UpstreamPerson,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { connectAs, type Peer } from '@leasewire/testing';
import { headers, type Msg } from '@nats-io/transport-node';

type Known = { residentId: `res_${string}`; lives: boolean; name: string; fetchedAt: string; person: UpstreamPerson | null };
type Answer = (input: never, actor: Actor) => unknown;

/** A directory that decides as simply as can be: who has a living stay lives here. */
export class StubDirectory {
  readonly people = new Map<string, Known>();
  readonly calls: {
    method: string;
    input: { present?: UpstreamPerson[]; absent?: string[]; confirmed?: string; propertyId?: string };
    actor: Actor;
  }[] = [];
  readonly announced = new Set<string>();
  /** Whom it skips, and what its decisions rest on. */
  readonly refused = new Map<string, string>();
  basis = 'windows 1';
  readonly again = new Set<string>();
  /** It does what it was told, and its answers do not arrive. */
  mute = false;
  deletedUnits: string[] = [];
  properties = new Map<string, Property>();
  /** The next calls of plan and apply fail so. */
  away = 0;
  readonly #answers = new Map<string, Answer>();

  private constructor(readonly peer: Peer) {
    this.#on(adoptProperty, (input) => this.#adopt(input));
    this.#on(releaseProperty, ({ propertyId }) => this.properties.get(propertyId)!);
    this.#on(applyUnits, ({ absent = [] }) => {
      this.deletedUnits.push(...absent);
      return { added: 0, renamed: 0, unchanged: 0, deletedUpstream: absent.length };
    });
    this.#on(syncBasis, ({ propertyId }) => ({
      basis: this.basis,
      again: [...this.again],
      livingHere: this.living(propertyId).length,
    }));
    this.#on(countResidents, ({ propertyId }) => ({ total: this.living(propertyId!).length, facets: {} }));
    this.#on(planSync, (input) => this.#observed(input, false));
    this.#on(applySync, (input) => this.#observed(input, true));
    this.#on(getProperty, ({ propertyId }) => {
      if (this.away-- > 0) throw new DomainError('unavailable', 'away');
      const property = this.properties.get(propertyId);
      if (!property) throw new DomainError('not-found', 'There is no such property.');
      return property;
    });
    this.#on(listResidents, ({ propertyId }) => ({ items: this.#residents(propertyId!), nextCursor: null }));
    this.#on(listUnits, ({ propertyId, occupied }) => ({
      items: occupied === false ? [unit(propertyId!, '9')] : [unit(propertyId!, '1'), unit(propertyId!, '9')],
      nextCursor: null,
    }));
    this.#on(resolveUnits, ({ selection }) => {
      const ids = 'ids' in selection ? selection.ids : [];
      const found = [...this.properties.keys()].map((propertyId) => unit(propertyId, '1'));
      return {
        items: found
          .filter(({ id }) => ids.includes(id))
          .map(({ id, propertyId }) => ({ id, propertyId, upstreamId: 'u1', residents: this.living(propertyId) })),
        nextCursor: null,
      };
    });
    this.#on(resolveResidents, ({ selection }) => ({
      items: ('ids' in selection ? selection.ids : []).flatMap((id) =>
        [...this.people.entries()].flatMap(([key, known]) => {
          const [propertyId, upstreamId] = key.split(' ') as [PropertyId, string];
          return known.residentId === id ? [{ id, propertyId, upstreamId }] : [];
        }),
      ),
      nextCursor: null,
    }));
  }

  static async start(): Promise<StubDirectory> {
    const stub = new StubDirectory(await connectAs('directory'));
    await stub.peer.bus.ensureStream('directory');
    stub.peer.nats.subscribe('rpc.directory.>', {
      queue: 'directory',
      callback: (error, message) => {
        if (!error) void stub.#answer(message);
      },
    });
    await stub.peer.nats.flush();
    return stub;
  }

  /** Made by hand: no PMS knows it. */
  add(more: Partial<Property> = {}): Property {
    const at = new Date().toISOString();
    const property: Property = {
      ...{ id: newId('prop'), name: 'By hand', kind: 'rental', timeZone: 'Australia/Brisbane', country: 'AU', currency: 'AUD' },
      ...{ address: {}, importMode: 'automatic', serviceStartedAt: null, connectionId: null, lastSweepAt: null, state: 'active' },
      policy: { futureMoveInDays: 3, futureMoveOutDays: 0, staleAfterDays: 7 },
      ...{ version: 1, createdAt: at, updatedAt: at },
      ...more,
    };
    this.properties.set(property.id, property);
    return property;
  }

  living(propertyId: string): string[] {
    return [...this.people.entries()]
      .filter(([key, { lives }]) => lives && key.startsWith(propertyId))
      .map(([key]) => key.split(' ')[1]!);
  }

  /** How many of a property it was told by this name. */
  told(propertyId: string, raw: string): number {
    const present = this.calls.flatMap(({ method, input }) =>
      method === 'apply' && input.propertyId === propertyId ? (input.present ?? []) : [],
    );
    return new Set(present.filter((one) => one.name.raw === raw).map(({ upstreamId }) => upstreamId)).size;
  }

  count(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  /** Unit 1 of a property: u1 of the PMS. */
  unitOf(propertyId: string): `unit_${string}` {
    return unit(propertyId, '1').id;
  }

  residentOf(propertyId: string, upstreamId: string): `res_${string}` {
    return this.people.get(`${propertyId} ${upstreamId}`)!.residentId;
  }

  /** Says something as directory does. */
  async tell<C extends EventContract>(contract: C, data: unknown, orgId: OrgId, entityversion = 1): Promise<void> {
    await this.peer.bus.publish({
      subject: eventSubject(contract, orgId),
      envelope: {
        ...{ specversion: '1.0', id: newId('evt'), source: '/leasewire/directory', type: contract.type, subject: 'thing' },
        ...{ time: new Date().toISOString(), datacontenttype: 'application/json', orgid: orgId, correlationid: newId('cor') },
        ...{ actor: 'service:directory', entityversion, entityepoch: 1, data },
      },
    });
  }

  #on<C extends RpcContract>(contract: C, answer: (input: InputOf<C>, actor: Actor) => OutputOf<C>): void {
    this.#answers.set(contract.name, answer);
  }

  #adopt(input: InputOf<typeof adoptProperty>): OutputOf<typeof adoptProperty> {
    const known = [...this.properties.values()].find((one) => one.name === input.name && one.connectionId === input.connectionId);
    if (known) return known;
    if (input.linkTo !== undefined) {
      const own = { ...this.properties.get(input.linkTo)!, connectionId: input.connectionId };
      this.properties.set(own.id, own);
      return own;
    }
    const { name, kind, timeZone, connectionId, country = 'AU', currency = 'AUD' } = input;
    return this.add({ name, kind, timeZone, connectionId, country, currency, importMode: 'manual' });
  }

  #residents(propertyId: string): Resident[] {
    return [...this.people.entries()].flatMap(([key, { residentId, lives, person }]) => {
      if (!lives || person === null || !key.startsWith(propertyId)) return [];
      const { upstreamId, name, email, phones, userTypes, role, stays, language } = person;
      const sources = language ? { language: 'pms' } : {};
      const occupancies = stays.map((stay) => ({
        ...{ id: newId('occ'), unitId: unit(propertyId, stay.unitName ?? '').id, unit: stay.unitName, bedroom: stay.bedroom },
        ...{ leaseId: stay.leaseId, status: stay.status, from: stay.moveIn, until: stay.moveOut, leaseEnd: null, endedAt: null },
      }));
      const shown = { id: residentId, upstreamId, name, email, phones, userTypes, role, occupancies, language, sources };
      return [shown as unknown as Resident];
    });
  }

  #observed(input: InputOf<typeof applySync>, doIt: boolean): { outcomes: PersonOutcome[]; livingHere: number } {
    const livingHere = this.living(input.propertyId).length;
    const outcomes = [
      ...(input.present ?? []).map((person) => this.#present(input, person, doIt)),
      ...(input.absent ?? []).map((id) => this.#absent(input, id, doIt)),
    ];
    return { outcomes, livingHere };
  }

  #present({ propertyId, fetchedAt }: InputOf<typeof applySync>, person: UpstreamPerson, doIt: boolean): PersonOutcome {
    const key = `${propertyId} ${person.upstreamId}`;
    const known = this.people.get(key);
    const refusal = this.refused.get(person.upstreamId);
    if (refusal !== undefined) {
      const about = { upstreamId: person.upstreamId, residentId: known?.residentId ?? null, name: person.name.raw, unit: null };
      return { ...about, outcome: 'skipped', decision: 'none', reason: { code: refusal, message: refusal } };
    }
    const lives = person.stays.some(({ status }) => status === 'current' || status === 'notice');
    const residentId = known?.residentId ?? newId('res');
    if (doIt) this.people.set(key, { residentId, lives, name: person.name.raw, fetchedAt, person });
    const decision = known === undefined ? 'register' : known.lives && !lives ? 'deactivate' : 'update';
    const same = known?.lives === lives && known.name === person.name.raw;
    const announced = this.announced.has(person.upstreamId);
    const about = { upstreamId: person.upstreamId, residentId, name: person.name.raw, unit: null };
    return { ...about, outcome: same ? 'unchanged' : 'synced', decision: same ? 'none' : decision, announced };
  }

  #absent({ propertyId, fetchedAt }: InputOf<typeof applySync>, upstreamId: string, doIt: boolean): PersonOutcome {
    const key = `${propertyId} ${upstreamId}`;
    const known = this.people.get(key);
    const about = { upstreamId, residentId: known?.residentId ?? null, name: known?.name ?? upstreamId, unit: null };
    if (!known?.lives) return { ...about, outcome: 'unchanged', decision: 'none' };
    if (doIt) this.people.set(key, { ...known, lives: false, fetchedAt });
    return { ...about, outcome: 'synced', decision: 'deactivate', announced: this.announced.has(upstreamId) };
  }

  async #answer(message: Msg): Promise<void> {
    const method = message.subject.slice('rpc.directory.'.length);
    const reply = headers();
    try {
      const actor = this.peer.assertions.verify(message.headers?.get('lw-assertion') ?? '');
      const input = JSON.parse(message.string()) as never;
      this.calls.push({ method, input, actor });
      if ((method === 'plan' || method === 'apply') && this.away-- > 0) throw new DomainError('unavailable', 'away');
      const answer = this.#answers.get(`directory.${method}`);
      if (!answer) throw new DomainError('not-found', `the stub does not answer ${method}`);
      const output = await answer(input, actor);
      if (method === 'apply' && this.mute) throw new DomainError('unavailable', 'the answer is lost');
      reply.set('lw-ok', '1');
      message.respond(JSON.stringify(output), { headers: reply });
    } catch (error) {
      const known = error instanceof DomainError ? error : new DomainError('internal', String(error));
      reply.set('lw-ok', '0');
      message.respond(JSON.stringify(known.toBody()), { headers: reply });
    }
  }
}

const unitIds = new Map<string, `unit_${string}`>();
/** Always the same for a name. */
function unit(propertyId: string, number: string): OutputOf<typeof listUnits>['items'][number] {
  const key = `${propertyId} ${number}`;
  const id = unitIds.get(key) ?? newId('unit');
  unitIds.set(key, id);
  return {
    ...{ id, propertyId: propertyId as PropertyId, buildingId: null, building: null, number, bedrooms: [], source: 'staff' },
    ...{ upstreamId: null, lastSyncedAt: null, deletedUpstreamAt: null, version: 1 },
  };
}
