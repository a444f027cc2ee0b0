import { randomUUID } from 'node:crypto';
import type { Api, Answer } from './api.js';

interface Named {
  readonly id: string;
  readonly name: string;
}
type Kind = 'role' | 'staff';
interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}
interface Entry {
  readonly seq: number;
  readonly type: string;
  readonly entity: string;
  readonly eventId: string;
}
interface Verification {
  readonly intact: boolean;
  readonly faults: readonly unknown[];
}

const pathOf: Readonly<Record<Kind, string>> = { role: '/v1/roles', staff: '/v1/staff' };

/**
 * What clients were told has happened, beside what the platform says has happened: the roles and staff themselves, the feed
 * of events, and the audit chain. Each accepted change must be in each of them exactly once.
 */
export class Ledger {
  /** `identity.role.created rol_…`, as often as it was accepted. */
  readonly #accepted: string[] = [];
  /** As they were last told to be called. */
  readonly #names: Readonly<Record<Kind, Map<string, string>>> = { role: new Map(), staff: new Map() };
  readonly #run = randomUUID().slice(0, 8);
  #next = 0;

  constructor(private readonly api: Api) {}

  get accepted(): number {
    return this.#accepted.length;
  }

  /** One change, insisted on until it is accepted. */
  async change(api = this.api): Promise<void> {
    await this.#createRole(api);
  }

  /** A role, another name of it, somebody invited to it, and another name of them: four changes. */
  async flow(api = this.api): Promise<void> {
    const roleId = await this.#createRole(api);
    await this.#rename(api, 'role', roleId);
    const name = this.#newName();
    const email = `${name.replaceAll(' ', '.')}@ledger.example`;
    const staffId = await this.#make(api, 'staff', 'identity.staff.invited', { name, email, roleIds: [roleId] });
    await this.#rename(api, 'staff', staffId);
  }

  #createRole(api: Api): Promise<string> {
    const permissions = { 'residence.residence': 'view' };
    return this.#make(api, 'role', 'identity.role.created', { name: this.#newName(), permissions });
  }

  #newName(): string {
    return `ledger ${this.#run} ${this.#next++}`;
  }

  async #make(
    api: Api,
    kind: Kind,
    type: string,
    body: { readonly name: string; readonly [field: string]: unknown },
  ): Promise<string> {
    const { id } = accepted(201, await api.insist<Named>('POST', pathOf[kind], body));
    this.#note(kind, type, { id, name: body.name });
    return id;
  }

  async #rename(api: Api, kind: Kind, id: string): Promise<void> {
    const path = `${pathOf[kind]}/${id}`;
    const name = this.#newName();
    const { headers } = await api.insist('GET', path);
    accepted(200, await api.insist('PATCH', path, { name }, { headers: { 'if-match': headers.get('etag') ?? '' } }));
    this.#note(kind, `identity.${kind}.changed`, { id, name });
  }

  #note(kind: Kind, type: string, { id, name }: Named): void {
    this.#accepted.push(`${type} ${id}`);
    this.#names[kind].set(id, name);
  }

  /** Throws, with what is missing and what is double, unless all books agree. */
  async assertExact(): Promise<void> {
    await this.#assertThere('role');
    await this.#assertThere('staff');
    const events = await this.#events();
    this.#compare(
      'events on the feed',
      events.map(({ type, subject }) => `${type.replace(/\.v\d+$/, '')} ${subject}`),
    );
    const entries = await this.api.all<Entry>('/v1/audit?sort=at');
    this.#compare(
      'audit entries',
      entries.map(({ type, entity }) => `${type.replace(/\.v\d+$/, '')} ${entity}`),
    );
    await this.#assertChain();
  }

  async #events(): Promise<Envelope[]> {
    const events: Envelope[] = [];
    for (let after = ''; ;) {
      const query = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
      const page = await this.api.get<{ items: Envelope[]; nextCursor: string }>(`/v1/events?limit=200${query}`);
      events.push(...page.items);
      if (page.items.length === 0 || page.nextCursor === after) return events;
      after = page.nextCursor;
    }
  }

  async #assertChain(): Promise<void> {
    const entries = await this.api.all<Entry>('/v1/audit');
    const seqs = entries.map(({ seq }) => seq).sort((a, b) => a - b);
    const gaps = seqs.filter((seq, at) => seq !== at + 1);
    if (gaps.length > 0) throw new Error(`the audit chain has gaps or doubles at ${gaps.slice(0, 5).join(', ')}`);
    if (new Set(entries.map(({ eventId }) => eventId)).size !== entries.length)
      throw new Error('an event is in the audit chain twice');
    const verification = (await this.api.expect<Verification>(200, 'POST', '/v1/audit/verify', { body: {} })).body;
    if (!verification.intact) throw new Error(`the audit chain does not verify: ${JSON.stringify(verification.faults)}`);
  }

  /** Those of this ledger, under the name that they were last told to have, and nobody else under such a name. */
  async #assertThere(kind: Kind): Promise<void> {
    const there = (await this.api.all<Named>(pathOf[kind])).filter(({ name }) => name.startsWith(`ledger ${this.#run} `));
    const wanted = this.#names[kind];
    const wrong = there.filter(({ id, name }) => wanted.get(id) !== name);
    const lost = [...wanted.keys()].filter((id) => !there.some((one) => one.id === id));
    if (wrong.length > 0 || lost.length > 0)
      throw new Error(`${kind}: ${wanted.size} accepted, ${lost.length} lost, ${wrong.length} that nobody was told of`);
  }

  #compare(what: string, seen: readonly string[]): void {
    const wanted = new Set(this.#accepted);
    const ours = seen.filter((one) => wanted.has(one));
    const there = new Set(ours);
    const lost = [...wanted].filter((one) => !there.has(one)).length;
    const doubled = ours.length - there.size;
    if (lost > 0 || doubled > 0) throw new Error(`${what}: ${wanted.size} accepted, ${lost} lost, ${doubled} doubled`);
  }
}

function accepted<T>(status: number, answer: Answer<T>): T {
  if (answer.status !== status) throw new Error(`a change was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
