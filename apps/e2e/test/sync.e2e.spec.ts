import { eventually } from '@leasewire/testing';
import { startSimulators, type ResidentTruth, type Simulators, type Vendor, type WorldState } from '@leasewire/simulators';
import { Platform, type Api } from '../src/index.js';

interface Resident {
  readonly id: string;
  readonly upstreamId: string | null;
  readonly displayName: string;
  readonly email: string | null;
  readonly state: string;
  readonly leaseStatus: string | null;
  readonly occupancy: { readonly unit: string | null } | null;
}
interface Run {
  readonly id: string;
  readonly state: string;
  readonly complete: boolean;
  readonly counts: Record<string, number>;
  readonly error: unknown;
}
interface Property {
  readonly propertyId: string;
  readonly upstreamId: string;
}

const connectionTo: Record<Exclude<Vendor, never>, (s: Simulators) => object> = {
  entrata: ({ entrata }) => ({
    settings: { subdomain: entrata.subdomain, baseUrl: `${entrata.url}/ext/orgs` },
    credentials: { apiKey: entrata.apiKey },
  }),
  buildium: ({ buildium }) => ({
    settings: { baseUrl: buildium.url },
    credentials: { clientId: buildium.clientId, clientSecret: buildium.clientSecret },
  }),
  propertyiq: ({ propertyiq }) => ({
    settings: { baseUrl: propertyiq.url },
    credentials: { clientId: propertyiq.clientId, clientSecret: propertyiq.clientSecret },
  }),
  stratamax: ({ stratamax }) => ({ settings: { baseUrl: stratamax.url }, credentials: { apiKey: stratamax.apiKey } }),
};

const isNow = ({ role, status, leaseStatus }: ResidentTruth['stays'][number]): boolean =>
  role !== 'guarantor' && [status, leaseStatus].every((word) => /^(current|notice)$/i.test(word));
/** The connector tells Buildium's kinds of people apart by a prefix. */
const plain = (id: string | null): string => (id ?? '').replace(/^(tenant|cosigner)-/, '');

describe('with property-management systems', () => {
  let platform: Platform;
  let simulators: Simulators;
  let owner: Api;
  beforeAll(async () => {
    simulators = await startSimulators({ seed: 7, residents: 120, limits: { buildium: 'none' } });
    platform = await Platform.start({ env: { LEASEWIRE_PMS_ALLOWED_HOSTS: '127.0.0.1' } });
    owner = await platform.as('owner');
  }, 60_000);
  afterAll(() => simulators.close());

  const truth = async (vendor: Vendor, propertyId: string): Promise<readonly ResidentTruth[]> =>
    ((await simulators.control.get(`state?vendor=${vendor}&propertyId=${propertyId.replace(/^\w+-/, '')}`)) as WorldState)
      .residents;

  /** Who is on a lease, or owns a lot, now: as far as the vendor tells of them at all. */
  const livingIn = async (vendor: Vendor, propertyId: string) =>
    (await truth(vendor, propertyId)).filter(({ shown, stays }) => shown && stays.some(isNow));

  const runsOf = async (propertyId: string) =>
    (await owner.get<{ items: Run[] }>(`/v1/sync-runs?propertyId=${propertyId}`)).items;
  const residentsOf = (propertyId: string) =>
    owner.all<Resident>(`/v1/residents?propertyId=${propertyId}&state=active,pending-import`);

  async function syncNow(propertyId: string): Promise<Run> {
    const before = (await runsOf(propertyId)).map(({ id }) => id);
    await owner.expect(202, 'POST', '/v1/sync-runs', { body: { target: { propertyIds: [propertyId] } } });
    return eventually(
      async () => {
        const run = (await runsOf(propertyId)).find(({ id }) => !before.includes(id));
        expect(run?.state).toBe('done');
        return run!;
      },
      { timeoutMs: 20_000, everyMs: 200 },
    );
  }

  /** Who the PMS says lives there is there, and nobody else is. */
  async function agrees(vendor: Vendor, { propertyId, upstreamId }: Property): Promise<void> {
    const living = await livingIn(vendor, upstreamId);
    const known = (await residentsOf(propertyId)).filter(
      ({ leaseStatus }) => leaseStatus === 'current' || leaseStatus === 'notice',
    );
    expect(known.map(({ upstreamId: id }) => plain(id)).sort()).toEqual(living.map(({ customerId }) => customerId).sort());
  }

  describe.each(['entrata', 'propertyiq', 'stratamax', 'buildium'] as const)('%s', (vendor) => {
    let connectionId = '';
    let properties: Property[] = [];

    it('is connected; a wrong key is said to be one', async () => {
      const wanted = { pms: vendor, name: vendor, ...connectionTo[vendor](simulators) };
      const made = await owner.expect<{ id: string }>(201, 'POST', '/v1/connections', { body: wanted });
      connectionId = made.body.id;
      expect(JSON.stringify(made.body)).not.toContain('simulated-entrata-key');
      expect((await owner.expect(200, 'POST', `/v1/connections/${connectionId}/test`)).body).toMatchObject({ ok: true });
      const { settings, credentials } = connectionTo[vendor](simulators) as Record<string, Record<string, string>>;
      const wrongKey = Object.fromEntries(Object.keys(credentials!).map((name) => [name, 'wrong']));
      const wrong = await owner.expect<{ id: string }>(201, 'POST', '/v1/connections', {
        body: { pms: vendor, name: `${vendor} wrong`, settings, credentials: wrongKey },
      });
      const diagnosis = await owner.expect(200, 'POST', `/v1/connections/${wrong.body.id}/test`);
      expect(diagnosis.body).toMatchObject({ ok: false, code: 'wrong-key' });
    });

    it('shows its properties; those that are adopted are synced at once', async () => {
      const upstream = await owner.get<{ items: { id: string; name: string }[] }>(
        `/v1/connections/${connectionId}/upstream-properties`,
      );
      expect(upstream.items.length).toBeGreaterThan(0);
      const adopted = await owner.expect<{ items: Property[] }>(201, 'POST', `/v1/connections/${connectionId}/properties`, {
        body: { properties: upstream.items.map(({ id }) => ({ upstreamId: id })) },
      });
      properties = adopted.body.items;
      for (const property of properties)
        await eventually(
          async () => {
            expect((await runsOf(property.propertyId))[0]).toMatchObject({ state: 'done', complete: true, error: null });
            await agrees(vendor, property);
          },
          { timeoutMs: 30_000, everyMs: 300 },
        );
    }, 60_000);

    it('synced again changes nothing', async () => {
      const run = await syncNow(properties[0]!.propertyId);
      expect(run).toMatchObject({ complete: true, counts: { synced: 0, failed: 0, held: 0 } });
    }, 30_000);

    it('a new e-mail address and somebody who moves in arrive with the next sync', async () => {
      const property = properties[0]!;
      const [someone] = await livingIn(vendor, property.upstreamId);
      await simulators.control.post('change', { customerId: someone!.customerId, email: 'changed.address@example.com' });
      const run = await syncNow(property.propertyId);
      expect(run.counts['synced']).toBeGreaterThan(0);
      const known = (await residentsOf(property.propertyId)).find(({ upstreamId }) => plain(upstreamId) === someone!.customerId);
      expect(known?.email).toBe('changed.address@example.com');
    }, 30_000);
  });

  it('a third of the people gone is held for a person; nobody is moved out', async () => {
    const connections = await owner.get<{ items: { id: string; pms: string; properties: number }[] }>('/v1/connections');
    const entrata = connections.items.find(({ pms, properties }) => pms === 'entrata' && properties > 0)!;
    const { items } = await owner.get<{ items: Property[] }>(`/v1/connections/${entrata.id}/properties`);
    const property = items[0]!;
    await owner.expect(200, 'PUT', `/v1/properties/${property.propertyId}/sync/policy`, {
      body: { policy: { brakeCount: 2 } },
      headers: { 'if-match': '*' },
    });
    const before = await residentsOf(property.propertyId);
    await simulators.control.post('faults', { kind: 'vanish', vendor: 'entrata' });
    const run = await syncNow(property.propertyId);
    await simulators.control.clearFaults();
    expect(run.counts['held']).toBeGreaterThan(0);
    expect((await residentsOf(property.propertyId)).length).toBe(before.length);
    const holds = await owner.get<{ items: { state: string; banner: string }[] }>(
      `/v1/holds?propertyId=${property.propertyId}&state=open`,
    );
    expect(holds.items).toHaveLength(1);
    // the people are back: the hold goes by itself
    await syncNow(property.propertyId);
    const after = await owner.get<{ items: unknown[] }>(`/v1/holds?propertyId=${property.propertyId}&state=open`);
    expect(after.items).toHaveLength(0);
  }, 60_000);
});
