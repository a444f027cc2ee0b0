import { eventually } from '@leasewire/testing';
import { dayOf, startSimulators, type ResidentTruth, type Simulators, type Vendor, type WorldState } from '@leasewire/simulators';
import { Api } from '../api.js';
import { Platform } from '../platform.js';
import { connectionTo } from './connection-to.js';
import { MovedTime } from './moved-time.js';
import type { AdoptedProperty, HoldView, ResidentView, RunOutcomeView, RunView, UnitView } from './views.js';

type StackWish = NonNullable<Parameters<typeof Platform.start>[0]>;
export interface SceneWish {
  readonly seed: number;
  readonly residents: number;
  readonly vendors?: readonly Vendor[];
  /** The day in the simulated world, where it is not to be the day it is. */
  readonly today?: string;
  /** Let days go by: `scene.passDays(3)`. */
  readonly movesTime?: boolean;
  readonly stack?: StackWish;
}

/** What a sync needs; the rest of the platform hears of it by events and has tests of its own. */
const services = ['identity', 'gateway', 'directory', 'pms-sync'] as const;

/** A platform, property-management systems beside it, and somebody who owns both: what every test of syncing begins with. */
export class PmsScene {
  private constructor(
    readonly platform: Platform,
    readonly simulators: Simulators,
    readonly time: MovedTime | null,
    public owner: Api,
  ) {}

  static async open({ seed, residents, vendors, today, movesTime, stack = {} }: SceneWish): Promise<PmsScene> {
    const time = movesTime ? await MovedTime.begin() : null;
    const [simulators, platform] = await Promise.all([
      startSimulators({
        seed,
        residents,
        limits: { buildium: 'none' },
        ...(vendors && { vendors }),
        ...(today !== undefined && { today }),
      }),
      Platform.start({
        services,
        ...stack,
        env: { LEASEWIRE_PMS_ALLOWED_HOSTS: '127.0.0.1', ...time?.env, ...stack.env },
      }),
    ]);
    return new PmsScene(platform, simulators, time, await ownerOf(platform));
  }

  close(): Promise<void> {
    return this.simulators.close();
  }

  now(): Date {
    return this.time?.now() ?? new Date();
  }

  control<T = Record<string, unknown>>(operation: string, body: object = {}): Promise<T> {
    return this.simulators.control.post(operation, body) as Promise<T>;
  }

  async truth(vendor: Vendor, upstreamId: string): Promise<readonly ResidentTruth[]> {
    return (await this.state(vendor, upstreamId)).residents;
  }

  /** Buildium’s two kinds of property have a prefix at ours. */
  async state(vendor: Vendor, upstreamId: string): Promise<WorldState> {
    const propertyId = upstreamId.replace(/^\w+-/, '');
    return (await this.simulators.control.get(`state?vendor=${vendor}&propertyId=${propertyId}`)) as WorldState;
  }

  /** The days of both: leases that are due happen, and so do windows and schedules. */
  async passDays(days: number): Promise<void> {
    await this.passMinutes(days * 1_440);
    await this.control('advance', { to: dayOf(this.now()) });
  }

  async passMinutes(minutes: number): Promise<void> {
    if (!this.time) throw new Error('This scene was opened without movesTime.');
    await this.time.pass(
      minutes * 60_000,
      this.platform.processes().map(({ pid }) => pid),
    );
    // the session may be over by now
    this.owner = await ownerOf(this.platform);
  }

  async connect(vendor: Vendor, name: string = vendor): Promise<string> {
    const body = { pms: vendor, name, ...connectionTo[vendor](this.simulators) };
    return (await this.owner.expect<{ id: string }>(201, 'POST', '/v1/connections', { body })).body.id;
  }

  /** All that the vendor shows, or those; resolves when their first sweep is over. */
  async adopt(connectionId: string, upstreamIds?: readonly string[]): Promise<AdoptedProperty[]> {
    const shown = await this.owner.get<{ items: { id: string }[] }>(`/v1/connections/${connectionId}/upstream-properties`);
    const chosen = shown.items.filter(({ id }) => upstreamIds?.includes(id) ?? true);
    const adopted = await this.owner.expect<{ items: AdoptedProperty[] }>(
      201,
      'POST',
      `/v1/connections/${connectionId}/properties`,
      {
        body: { properties: chosen.map(({ id }) => ({ upstreamId: id })) },
      },
    );
    for (const { propertyId } of adopted.body.items)
      await eventually(async () => expectDone((await this.runs(propertyId))[0]), { timeoutMs: 180_000, everyMs: 100 });
    return adopted.body.items;
  }

  /** New people are active at once from now on, and access is real. */
  async startService(propertyId: string, timeZone?: string): Promise<void> {
    const headers = { 'if-match': '*' };
    const body = { importMode: 'automatic', ...(timeZone !== undefined && { timeZone }) };
    await this.owner.expect(200, 'PATCH', `/v1/properties/${propertyId}`, { body, headers });
    const filter = { propertyId, state: ['pending-import'] };
    await this.owner.patiently('POST', '/v1/residents/import', { body: { selection: { filter, except: [] } } });
    await eventually(
      async () => {
        const { digest } = await this.owner.get<{ digest: string }>(`/v1/properties/${propertyId}/start-estimate`);
        const answer = await this.owner.ask('POST', `/v1/properties/${propertyId}/start-service`, { body: { digest } });
        return answer.status === 200;
      },
      { timeoutMs: 60_000 },
    );
  }

  async runs(propertyId: string): Promise<RunView[]> {
    return (await this.owner.get<{ items: RunView[] }>(`/v1/sync-runs?propertyId=${propertyId}&limit=5`)).items;
  }

  outcomes(runId: string): Promise<RunOutcomeView[]> {
    return this.owner.all<RunOutcomeView>(`/v1/sync-runs/${runId}/outcomes`);
  }

  /** Asks for a sync and waits for what came of it: a run of each property that it touches. */
  async sync(target: object, timeoutMs = 60_000): Promise<RunView[]> {
    const job = await this.owner.insist<{ id: string }>('POST', '/v1/sync-runs', { target });
    if (job.status !== 202)
      throw new Error(`syncing ${JSON.stringify(target)} answered ${job.status}: ${JSON.stringify(job.body)}`);
    return this.ended(job.body.id, timeoutMs);
  }

  async ended(jobId: string, timeoutMs = 60_000): Promise<RunView[]> {
    return eventually(
      async () => {
        const { state } = await this.owner.get<{ state: string }>(`/v1/jobs/${jobId}`);
        const { items } = await this.owner.get<{ items: RunView[] }>(`/v1/sync-runs?jobId=${jobId}&limit=100`);
        if (state === 'done' || state === 'cancelled') return items;
        // also of runs that were under way when it began
        const runs = await this.owner.get<{ items: RunView[] }>('/v1/sync-runs?limit=100');
        const open = runs.items.filter((run) => run.state === 'queued' || run.state === 'running');
        throw new Error(`the job ${jobId} is ${state}; open are ${JSON.stringify(open)}; its own are ${JSON.stringify(items)}`);
      },
      { timeoutMs, everyMs: 150, what: 'the end of a sync' },
    );
  }

  async sweep(propertyId: string, timeoutMs?: number): Promise<RunView> {
    const [run] = await this.sync({ propertyIds: [propertyId] }, timeoutMs);
    if (!run) throw new Error(`no sweep of ${propertyId}`);
    return run;
  }

  residents(propertyId: string, states = 'active,pending-import,archived'): Promise<ResidentView[]> {
    return this.owner.all<ResidentView>(`/v1/residents?propertyId=${propertyId}&state=${states}`);
  }

  units(propertyId: string): Promise<UnitView[]> {
    return this.owner.all<UnitView>(`/v1/properties/${propertyId}/units`);
  }

  async holds(propertyId: string, state = 'open'): Promise<HoldView[]> {
    return (await this.owner.get<{ items: HoldView[] }>(`/v1/holds?propertyId=${propertyId}&state=${state}`)).items;
  }
}

function expectDone(run: RunView | undefined): boolean {
  if (run?.state === 'failed') throw new Error(`The first sweep failed: ${JSON.stringify(run.error)}`);
  return run?.state === 'done';
}

/** A run of a thousand operations is longer than a token holds. */
const ownerOf = (platform: Platform): Promise<Api> => Api.stayingSignedIn(platform.url, platform.signInOf('owner'));
