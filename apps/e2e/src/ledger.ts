import { randomUUID } from 'node:crypto';
import type { Api, Answer } from './api.js';

interface Role {
  readonly id: string;
  readonly name: string;
}
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

/**
 * What clients were told has happened, beside what the platform says has happened: the roles themselves, the feed of
 * events, and the audit chain. Each accepted change must be in each of them exactly once.
 */
export class Ledger {
  readonly #accepted: string[] = [];
  readonly #run = randomUUID().slice(0, 8);
  #next = 0;

  constructor(private readonly api: Api) {}

  get accepted(): number {
    return this.#accepted.length;
  }

  /** One change, insisted on until it is accepted. */
  async change(api = this.api): Promise<void> {
    const name = `ledger ${this.#run} ${this.#next++}`;
    const answer: Answer<Role> = await api.insist('POST', '/v1/roles', { name, permissions: { 'residence.residence': 'view' } });
    if (answer.status !== 201) throw new Error(`creating “${name}” answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    this.#accepted.push(answer.body.id);
  }

  /** Throws, with what is missing and what is double, unless all books agree. */
  async assertExact(): Promise<void> {
    const roles = (await this.api.all<Role>('/v1/roles')).filter(({ name }) => name.startsWith(`ledger ${this.#run} `));
    this.#compare(
      'roles',
      roles.map(({ id }) => id),
    );
    const events = await this.#events();
    this.#compare(
      'events on the feed',
      events.filter(({ type }) => type === 'identity.role.created.v1').map(({ subject }) => subject),
    );
    const entries = await this.api.all<Entry>('/v1/audit?type=identity.role.created&sort=at');
    this.#compare(
      'audit entries',
      entries.map(({ entity }) => entity),
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

  #compare(what: string, seen: readonly string[]): void {
    const wanted = new Set(this.#accepted);
    const ours = seen.filter((id) => wanted.has(id));
    const missing = this.#accepted.filter((id) => !seen.includes(id));
    if (missing.length > 0 || ours.length !== wanted.size)
      throw new Error(
        `${what}: ${wanted.size} accepted, ${missing.length} lost, ${ours.length + missing.length - wanted.size} doubled`,
      );
    if (what === 'roles' && seen.length !== wanted.size)
      throw new Error(`roles: ${seen.length - wanted.size} that nobody was told of`);
  }
}
