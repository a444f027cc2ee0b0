import type {
  KnownRows,
  KnowsRows,
  OnlyRow,
  PeoplePage,
  PropertyToFetch,
  UpstreamPerson,
  VendorHttp,
  VendorReply,
  VendorRequest,
} from '../../src/connector/connector.js';

/** A door to a vendor that is a function; every request is kept. */
export interface FakeVendor extends VendorHttp {
  readonly requests: VendorRequest[];
}

export function fakeVendor(answer: (request: VendorRequest, url: URL) => VendorReply | Promise<VendorReply>): FakeVendor {
  const requests: VendorRequest[] = [];
  return {
    requests,
    request: async (request) => {
      requests.push(request);
      return await answer(request, new URL(request.url));
    },
  };
}

export const reply = (body: unknown, status = 200, headers: Record<string, string> = {}): VendorReply => ({
  status,
  headers: new Headers(headers),
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

export const someProperty = (more: Partial<PropertyToFetch> = {}): PropertyToFetch => ({
  upstreamId: '100',
  timeZone: 'America/Denver',
  country: 'US',
  currency: 'USD',
  pastFrom: '2026-08-01',
  ...more,
});

export interface Swept {
  people: UpstreamPerson[];
  rejected: PeoplePage['rejected'];
  complete: boolean | undefined;
  why: string | undefined;
  /** Of whom nothing was read, and the rows by which others may be known from now on. */
  same: string[];
  rows: Map<string, OnlyRow>;
}

export async function sweep(pages: AsyncIterable<PeoplePage>): Promise<Swept> {
  const swept: Swept = { people: [], rejected: [], complete: undefined, why: undefined, same: [], rows: new Map() };
  for await (const page of pages) {
    swept.people.push(...page.people);
    swept.rejected.push(...page.rejected);
    swept.same.push(...(page.same ?? []).map(({ upstreamId }) => upstreamId));
    for (const [id, row] of page.rows?.of ?? []) swept.rows.set(id, row);
    swept.complete = page.complete;
    swept.why = page.why;
  }
  return swept;
}

/** What somebody knows who remembers all that an earlier sweep read, and by what. */
export const knowing = (rows: ReadonlyMap<string, OnlyRow>, by?: string): KnowsRows => ({
  readBy: (reading) => {
    const row: KnownRows['row'] = (hash) => {
      if (by !== undefined && by !== reading) return undefined;
      const theirs = [...rows].filter(([, row]) => row.hash === hash);
      const [, only] = theirs[0] ?? [];
      if (only?.names !== theirs.length) return undefined;
      return { id: only.id, people: theirs.map(([upstreamId]) => ({ upstreamId, lives: true, skipped: false })) };
    };
    return Promise.resolve({ row, has: (hash) => row(hash) !== undefined });
  },
});
