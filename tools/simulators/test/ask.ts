import { startSimulators, type ResidentTruth, type Simulators, type SimulatorsWish, type WorldState } from '../src/index.js';

export const today = '2026-08-20';

export function start(wish: Partial<SimulatorsWish> = {}): Promise<Simulators> {
  return startSimulators({ seed: 7, residents: 120, today, limits: { buildium: 'none' }, ...wish });
}

export interface Heard<T> {
  status: number;
  headers: Headers;
  text: string;
  json: T;
}

async function heard<T>(reply: Response): Promise<Heard<T>> {
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, text, json: safely(text) as T };
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the tests look at, no more. */
export interface EntrataLease {
  id: string;
  leaseStatusTypeId: string;
  customers: {
    customer: { id: number; emailAddress?: string; firstName: string; addresses: { address: { addressType: string }[] } }[];
  };
  unitSpaces: { unitSpace: unknown[] };
  leaseIntervals: { leaseInterval: { leaseIntervalTypeId: string }[] };
  ledgers: { ledger: { balance: string }[] };
}

interface EntrataReply {
  response: {
    code: number;
    error: { code: number };
    result: {
      meta: unknown;
      leases?: { lease: EntrataLease[] };
      PhysicalProperty: { Property: { PropertyID: string }[] };
      properties: { property: { units: { unit: { id: number }[] } }[] };
    };
  };
}

export function leasesIn({ json }: Heard<EntrataReply>): EntrataLease[] {
  return json.response.result.leases?.lease ?? [];
}

/** As the public documents say that Entrata is asked. */
export async function entrata(
  { entrata: about }: Simulators,
  service: string,
  name: string,
  params: Record<string, string> = {},
  how: { version?: string; query?: string; headers?: Record<string, string>; key?: string } = {},
): Promise<Heard<EntrataReply>> {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'X-Api-Key': how.key ?? about.apiKey, ...how.headers };
  const body = JSON.stringify({
    auth: { type: 'apikey' },
    requestId: '42',
    method: { name, version: how.version ?? 'r2', params },
  });
  return heard(
    await fetch(`${about.url}/ext/orgs/${about.subdomain}/v1/${service}${how.query ?? ''}`, { method: 'POST', headers, body }),
  );
}

export async function leasesOf(
  simulators: Simulators,
  propertyId: string,
  statuses = '3,4,5,6',
  more: Record<string, string> = {},
): Promise<EntrataLease[]> {
  const reply = await entrata(simulators, 'leases', 'getLeases', { propertyId, leaseStatusTypeIds: statuses, ...more });
  return leasesIn(reply);
}

export interface BuildiumRow {
  Id: number;
  MoveOutData: unknown[];
  TotalBalance: number;
}

export async function buildium<T = BuildiumRow[]>({ buildium: about }: Simulators, path: string): Promise<Heard<T>> {
  const headers = { 'x-buildium-client-id': about.clientId, 'x-buildium-client-secret': about.clientSecret };
  return heard(await fetch(`${about.url}${path}`, { headers }));
}

export interface PropertyIqList {
  data: { id: number; splan: string; committeeMember: boolean }[];
  links: { next: string | null };
}

export async function propertyiq<T = PropertyIqList>({ propertyiq: about }: Simulators, path: string): Promise<Heard<T>> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: about.clientId,
    client_secret: about.clientSecret,
  });
  const token = await heard<{ access_token: string }>(await fetch(`${about.url}/oauth/access_token`, { method: 'POST', body }));
  return heard(await fetch(`${about.url}${path}`, { headers: { Authorization: `Bearer ${token.json.access_token}` } }));
}

export interface StrataMaxList {
  items: { siteId: string; contacts: { contactId: string }[] }[];
  totalItems: number;
}

export async function stratamax({ stratamax: about }: Simulators, path: string): Promise<Heard<StrataMaxList>> {
  return heard(await fetch(`${about.url}${path}`, { headers: { 'X-Api-Key': about.apiKey } }));
}

export async function state(simulators: Simulators): Promise<WorldState> {
  return (await simulators.control.get('state')) as WorldState;
}

export async function residentsOf(simulators: Simulators, propertyId: string): Promise<ResidentTruth[]> {
  return (await state(simulators)).residents.filter((one) => one.propertyId === propertyId);
}

export function propertyIn(simulators: Simulators, vendor: string, kind?: string): string {
  const found = [...simulators.world().properties.values()].find(
    (one) => one.vendor === vendor && one.kind === (kind ?? one.kind),
  );
  return found!.id;
}

export async function act<T = Record<string, string>>(simulators: Simulators, name: string, body: unknown): Promise<T> {
  return (await simulators.control.post(name, body)) as T;
}
