import {
  adoptProperty,
  applySync,
  applyUnits,
  countResidents,
  DomainError,
  planSync,
  syncBasis,
  releaseProperty,
  resolveResidents,
  resolveUnits,
  type InputOf,
  type OutputOf,
  type PersonOutcome,
  type PropertyId,
  type RpcContract,
  type UpstreamPerson,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { connectAs, type Peer } from '@leasewire/testing';
import { headers, type Msg } from '@nats-io/transport-node';

type Known = { residentId: `res_${string}`; lives: boolean; name: string; fetchedAt: string };
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
  properties = new Map<string, OutputOf<typeof adoptProperty>>();
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
    this.#on(resolveUnits, () => ({ items: [], nextCursor: null }));
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

  living(propertyId: string): string[] {
    return [...this.people.entries()]
      .filter(([key, { lives }]) => lives && key.startsWith(propertyId))
      .map(([key]) => key.split(' ')[1]!);
  }

  count(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  residentOf(propertyId: string, upstreamId: string): `res_${string}` {
    return this.people.get(`${propertyId} ${upstreamId}`)!.residentId;
  }

  #on<C extends RpcContract>(contract: C, answer: (input: InputOf<C>, actor: Actor) => OutputOf<C>): void {
    this.#answers.set(contract.name, answer);
  }

  #adopt(input: InputOf<typeof adoptProperty>): OutputOf<typeof adoptProperty> {
    const known = [...this.properties.values()].find((one) => one.name === input.name && one.connectionId === input.connectionId);
    if (known) return known;
    const at = new Date().toISOString();
    const property = {
      id: newId('prop'),
      name: input.name,
      kind: input.kind,
      timeZone: input.timeZone,
      country: input.country ?? 'AU',
      currency: input.currency ?? 'AUD',
      address: {},
      importMode: 'manual',
      serviceStartedAt: null,
      connectionId: input.connectionId,
      policy: { futureMoveInDays: 3, futureMoveOutDays: 0, staleAfterDays: 7 },
      lastSweepAt: null,
      state: 'active',
      version: 1,
      createdAt: at,
      updatedAt: at,
    } as const;
    this.properties.set(property.id, property);
    return property;
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
    if (doIt) this.people.set(key, { residentId, lives, name: person.name.raw, fetchedAt });
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
