import { z } from 'zod';
import type {
  ConnectorDefinition,
  PeoplePage,
  PropertyToFetch,
  UpstreamPerson,
  UpstreamProperty,
  UpstreamUnit,
  VendorHttp,
  WantedPeople,
} from '../../src/connector/connector.js';
import { VendorError } from '../../src/connector/vendor-error.js';

export function person(n: number | string, more: Partial<UpstreamPerson> & { status?: 'current' | 'past' } = {}): UpstreamPerson {
  const { status = 'current', ...rest } = more;
  return {
    upstreamId: `c${n}`,
    name: { first: 'Ana', last: `R${n}`, raw: `Ana R${n}` },
    email: `ana${n}@example.com`,
    phones: [],
    userTypes: ['resident'],
    role: 'primary',
    stays: [
      {
        leaseId: `l${n}`,
        unitId: 'u1',
        unitName: '1',
        bedroom: null,
        status,
        moveIn: '2026-01-01',
        moveOut: null,
        leaseStart: null,
        leaseEnd: null,
      },
    ],
    ...rest,
  };
}

/** What a PMS says, as a test wants it. */
export class FakePms {
  people: UpstreamPerson[] = [];
  /** Of single properties, where they are not the same. */
  of: Readonly<Record<string, UpstreamPerson[]>> = {};
  units: UpstreamUnit[] = [{ upstreamId: 'u1', building: null, number: '1', bedrooms: [] }];
  rejected: PeoplePage['rejected'] = [];
  pageSize = 50;
  fault: 'none' | 'unauthorized' | 'cut' | 'incomplete' = 'none';
  /** One property that cannot be fetched. */
  brokenOf: string | null = null;
  /** Pages wait for this. */
  gate: Promise<void> = Promise.resolve();
  /** These many pages do not wait. */
  freePages = 0;
  /** It sends requests to this address before there is a page, as connectors do; null: it answers by itself. */
  door: { url: string; requests: (wanted: WantedPeople) => number } | null = null;
  answers = 0;
  /** Of each request of a sync of some, how many of others were answered while it waited. */
  readonly overtaken: number[] = [];
  /** What it says of its properties beside id and name. */
  says: Partial<UpstreamProperty> = { timeZone: 'America/Denver', country: 'US' };
  lastFetched: PropertyToFetch | undefined;
  readonly asked: Omit<WantedPeople, 'known'>[] = [];

  /** Whom it tells of when it is asked what changed; null: it does not understand the question. */
  set changed(changed: UpstreamPerson[] | null) {
    this.#changed = changed;
    this.#capabilities.deltas = changed !== null;
  }
  get changed(): UpstreamPerson[] {
    return this.#changed ?? [];
  }
  #changed: UpstreamPerson[] | null = null;
  readonly #capabilities = { deltas: false, targeted: { residents: true, units: false }, balances: true, webhook: true };

  readonly definition: ConnectorDefinition = {
    name: 'entrata',
    label: 'Entrata',
    kind: 'rental',
    country: 'US',
    verified: true,
    settings: z.object({ subdomain: z.string().min(1) }),
    credentials: z.object({ apiKey: z.string().min(1) }),
    fields: [
      { name: 'subdomain', label: 'Subdomain', secret: false, required: true },
      { name: 'apiKey', label: 'API key', secret: true, required: true },
    ],
    capabilities: this.#capabilities,
    address: (settings) => z.object({ baseUrl: z.string().nullable().default(null) }).parse(settings).baseUrl,
    open: ({ http }) => ({
      test: () =>
        Promise.resolve(
          this.fault === 'unauthorized'
            ? { ok: false, code: 'wrong-key', message: 'Check the API key.' }
            : { ok: true, code: 'ok', message: 'Entrata lets us in.' },
        ),
      listProperties: () => {
        if (this.fault === 'unauthorized') return Promise.reject(new VendorError('unauthorized', 'The key is wrong.'));
        return Promise.resolve(
          ['100', '200'].map((id) => ({
            id,
            name: `Court ${id}`,
            kind: 'rental' as const,
            ...this.says,
          })),
        );
      },
      fetchUnits: () => Promise.resolve(this.units),
      fetchPeople: (property, wanted) => {
        this.lastFetched = property;
        if (this.brokenOf === property.upstreamId) throw new VendorError('unreachable', 'It was cut off.');
        return this.#pages(this.of[property.upstreamId] ?? this.people, wanted, http);
      },
    }),
  };

  async *#pages(all: UpstreamPerson[], wanted: WantedPeople, http: VendorHttp): AsyncGenerator<PeoplePage> {
    const { known: _known, ...asked } = wanted;
    this.asked.push(asked);
    for (let n = 0; this.door && n < this.door.requests(wanted); n++) {
      const before = this.answers;
      await http.request({ method: 'GET', url: this.door.url, what: 'a page' });
      if (wanted.people) this.overtaken.push(this.answers - before);
      this.answers += 1;
    }
    if (this.fault === 'unauthorized') throw new VendorError('unauthorized', 'The key is wrong.');
    if (wanted.since) {
      yield { people: this.#changed ?? [], rejected: [], complete: false, why: 'Only what changed was asked for.' };
      return;
    }
    const people = wanted.people ? all.filter(({ upstreamId }) => wanted.people!.includes(upstreamId)) : all;
    for (let at = 0; at < people.length || at === 0; at += this.pageSize) {
      if (at >= this.freePages * this.pageSize) await this.gate;
      if (this.fault === 'cut' && at > 0) throw new VendorError('unreachable', 'It was cut off.');
      const last = at + this.pageSize >= people.length;
      const complete = last && !wanted.people && this.fault !== 'incomplete';
      yield { people: people.slice(at, at + this.pageSize), rejected: last ? this.rejected : [], ...(last && { complete }) };
    }
  }
}
