import {
  adoptProperty,
  applySync,
  applyUnits,
  estimateStart,
  startService as startOfService,
  syncRunCompleted,
  type EventContract,
  type Fact,
  type InputOf,
  type OrgId,
  type OutputOf,
  type Property,
  type PropertyScope,
  type ResidentId,
  type RpcContract,
  type SyncRunId,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import type { RunningService } from '@leasewire/service-kit';
import {
  connectAs,
  eventually,
  newOrgId,
  outgoing,
  serviceActor,
  staffActor,
  startService,
  suiteDeployment,
  type Peer,
} from '@leasewire/testing';
import { directory } from '../../src/directory.service-definition.js';

jest.setTimeout(60_000);
const patience = { timeoutMs: 20_000 };

export type Person = InputOf<typeof applySync>['present'] extends (infer P)[] | undefined ? P : never;
type Stay = Person['stays'][number];

export const stay = (more: Partial<Stay> = {}): Stay => ({
  leaseId: 'L1',
  unitId: 'u1',
  unitName: '101',
  bedroom: 'A',
  status: 'current',
  moveIn: '2026-02-01',
  moveOut: null,
  leaseStart: '2026-02-01',
  leaseEnd: '2027-01-31',
  ...more,
});

export const person = (upstreamId: string, more: Partial<Person> = {}): Person => ({
  upstreamId,
  name: { first: 'Noor', last: `Haddad${upstreamId}`, raw: `Haddad${upstreamId}, Noor` },
  email: `noor${upstreamId}@example.com`,
  phones: [{ e164: '+61412345678', raw: '0412 345 678', kind: 'mobile' }],
  userTypes: ['resident'],
  role: 'primary',
  stays: [stay({ leaseId: `L${upstreamId}` })],
  ...more,
});

/** directory with a gateway and a pms-sync that call it, and everything that directory has said. */
export class DirectorySuite {
  readonly heard: Fact[] = [];
  readonly runId: SyncRunId = newId('run');

  private constructor(
    readonly service: RunningService,
    readonly gateway: Peer,
    readonly pms: Peer,
    readonly db: Database,
  ) {}

  static async start(): Promise<DirectorySuite> {
    const service = await startService(directory);
    const suite = new DirectorySuite(service, await connectAs('gateway'), await connectAs('pms-sync'), service.get(Database));
    const audit = await connectAs('audit');
    await audit.bus.subscribe({ service: 'audit', handler: 'record', contracts: 'all', stream: 'directory' }, (fact) => {
      suite.heard.push(fact);
      return Promise.resolve();
    });
    return suite;
  }

  org() {
    const orgId = newOrgId();
    return { orgId, owner: staffActor({ orgId }) };
  }
  staffOf(orgId: OrgId, properties: PropertyScope): Actor {
    return staffActor({ orgId, properties });
  }
  now = async (): Promise<Date> => (await suiteDeployment()).clock.now();

  call<C extends RpcContract>(actor: Actor, contract: C, input: InputOf<C>): Promise<OutputOf<C>> {
    return this.gateway.call(actor, contract, input, patience);
  }

  async adopted(orgId: OrgId, more: Partial<InputOf<typeof adoptProperty>> = {}): Promise<Property> {
    const property = await this.call(staffActor({ orgId }), adoptProperty, {
      name: `Harbour ${newId('x').slice(-8)}`,
      kind: 'rental',
      timeZone: 'Australia/Brisbane',
      connectionId: newId('con'),
      upstreamId: '4711',
      ...more,
    });
    const units = ['101', '102', '103'].map((number, at) => ({ upstreamId: `u${at + 1}`, building: null, number, bedrooms: [] }));
    await this.units(orgId, property, units);
    return property;
  }

  async units(orgId: OrgId, { id }: Property, units: InputOf<typeof applyUnits>['units'], absent: string[] = []) {
    return this.pms.call(serviceActor('pms-sync', orgId), applyUnits, {
      propertyId: id,
      runId: this.runId,
      fetchedAt: (await this.now()).toISOString(),
      units,
      absent,
    });
  }

  async apply(orgId: OrgId, { id }: Property, present: Person[], more: Partial<InputOf<typeof applySync>> = {}) {
    const { outcomes } = await this.pms.call(
      serviceActor('pms-sync', orgId),
      applySync,
      await this.observed(id, present, more),
      patience,
    );
    return outcomes;
  }
  async observed(propertyId: Property['id'], present: Person[], more: Partial<InputOf<typeof applySync>> = {}) {
    return {
      propertyId,
      runId: this.runId,
      fetchedAt: (await this.now()).toISOString(),
      scope: 'sweep' as const,
      present,
      ...more,
    };
  }

  /** Who they are here, after the PMS told of them. */
  async registered(orgId: OrgId, property: Property, who: Person): Promise<ResidentId> {
    const [outcome] = await this.apply(orgId, property, [who]);
    return outcome!.residentId!;
  }
  async startService(owner: Actor, { id: propertyId }: Property): Promise<void> {
    const { digest } = await this.call(owner, estimateStart, { propertyId });
    await this.call(owner, startOfService, { propertyId, digest });
  }
  /** pms-sync says that a sweep of it is over. */
  async swept(orgId: OrgId, { id: propertyId }: Property, fetchedAt: string): Promise<void> {
    await this.pms.bus.ensureStream('pms-sync');
    const run = { ...syncRunCompleted.example.run, propertyId, fetchedAt };
    await this.pms.bus.publish(outgoing(syncRunCompleted, { orgId, subject: run.id, data: { run } }));
  }
  /** In the time zone of its properties. */
  async daysFrom(days: number): Promise<string> {
    return new Date((await this.now()).getTime() + days * 86_400_000 + 10 * 3_600_000).toISOString().slice(0, 10);
  }

  events(contract: EventContract, about?: string): Fact[] {
    return this.heard.filter((fact) => fact.type === contract.type && (about === undefined || fact.subject === about));
  }
  async hears(contract: EventContract, about: string, times = 1): Promise<Fact> {
    await eventually(() => expect(this.events(contract, about)).toHaveLength(times), patience);
    return this.events(contract, about)[times - 1]!;
  }
}

/** The code of the error that a call ends with. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'ok',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}
