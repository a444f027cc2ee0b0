import { randomInt } from 'node:crypto';
import {
  acceptLink,
  createRole,
  inviteStaff,
  resolveSession,
  signIn,
  type EventContract,
  type Fact,
  type InputOf,
  type OrgId,
  type OutputOf,
  type Permissions,
  type PropertyScope,
  type RoleId,
  type RpcContract,
  type SessionId,
  type StaffId,
} from '@leasewire/contracts';
import { newId, type Actor, type CallOptions } from '@leasewire/messaging';
import { Database } from '@leasewire/persistence';
import type { RunningService } from '@leasewire/service-kit';
import { connectAs, eventually, startService, type Peer } from '@leasewire/testing';
import { identity } from '../../src/identity.service-definition.js';
import { BootstrapService } from '../../src/organization/bootstrap.service.js';
import { throttlePolicies } from '../../src/throttle/throttle.rules.js';

/** argon2 as cheap as it gets: what is tested is how often it runs, not how long. */
export const cheapHashes = { LEASEWIRE_ARGON2_MEMORY_KIB: '8', LEASEWIRE_ARGON2_PASSES: '1' };
export const password = 'granite kettle tuesday';
export const client = { userAgent: 'a test' };
export const nobody: Actor = { ref: 'service:gateway', orgId: null, permissions: 'all', properties: 'all' };

export interface SignedInStaff {
  readonly staffId: StaffId;
  readonly sessionId: SessionId;
  readonly email: string;
  /** As the gateway would assert them now. */
  readonly actor: Actor;
}
export interface Org {
  readonly orgId: OrgId;
  readonly owner: SignedInStaff;
  readonly roles: Record<'owner' | 'manager' | 'employee', RoleId>;
}

jest.setTimeout(60_000);
/** Longer than any test takes: a busy machine would wait out the two seconds of the real ones. */
for (const policy of Object.values(throttlePolicies))
  Object.assign(policy, { firstDelayMs: 600_000, capMs: 600_000, forgetAfterMs: 3_600_000 });
/** Calls on a busy machine take as long as they take; how long they may is the gateway's test. */
const patience = { timeoutMs: 20_000 };

/** identity with a gateway that calls it, and everything that identity has said. */
export class IdentitySuite {
  readonly heard: Fact[] = [];

  private constructor(
    readonly service: RunningService,
    readonly gateway: Peer,
    readonly db: Database,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<IdentitySuite> {
    const service = await startService(identity, { ...cheapHashes, ...env });
    const suite = new IdentitySuite(service, await connectAs('gateway'), service.get(Database));
    const audit = await connectAs('audit');
    await audit.bus.subscribe({ service: 'audit', handler: 'record', contracts: 'all', stream: 'identity' }, (fact) => {
      suite.heard.push(fact);
      return Promise.resolve();
    });
    return suite;
  }

  call<C extends RpcContract>(actor: Actor, contract: C, input: InputOf<C>, more?: Partial<CallOptions>): Promise<OutputOf<C>> {
    return this.gateway.call(actor, contract, input, { ...patience, ...more });
  }

  /** Each test signs in from somewhere else, or they would slow each other down. */
  address(): string {
    return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
  }

  async signIn(
    email: string,
    more: Partial<InputOf<typeof signIn>> = {},
    options?: Partial<CallOptions>,
  ): Promise<OutputOf<typeof signIn>> {
    return this.call(nobody, signIn, { email, password, address: this.address(), ...client, ...more }, options);
  }

  async org(name = `Org ${newId('x').slice(-6)}`): Promise<Org> {
    const email = `owner-${newId('x').slice(-10)}@example.com`;
    const { organization } = await this.service
      .get(BootstrapService)
      .begin(name, { email, name: 'Olga Owner', locale: 'en-US', password });
    const rows = await this.db.db.collection('roles').find({ orgId: organization._id }).toArray();
    const roles = Object.fromEntries(rows.map((row) => [row['preset'] as string, row._id as unknown])) as Org['roles'];
    return { orgId: organization._id, owner: await this.entered(email), roles };
  }

  /** Somebody who was invited, joined and signed in. */
  async joined(
    org: Org,
    roleIds: RoleId[],
    properties: PropertyScope = 'all',
    email = `staff-${newId('x').slice(-10)}@example.com`,
  ) {
    const { link } = await this.call(org.owner.actor, inviteStaff, { email, name: 'Sam Staff', roleIds, properties });
    await this.call(nobody, acceptLink, { token: tokenOf(link.url), password });
    return this.entered(email, { organizationId: org.orgId });
  }

  async joinedWith(org: Org, permissions: Permissions, properties: PropertyScope = 'all') {
    const role = await this.call(org.owner.actor, createRole, { name: newId('x'), permissions });
    return this.joined(org, [role.id], properties);
  }

  async entered(email: string, more: Partial<InputOf<typeof signIn>> = {}): Promise<SignedInStaff> {
    const { staff, sessionId } = await this.signIn(email, more);
    return { staffId: staff.id, sessionId, email, actor: await this.actorOf(sessionId) };
  }

  async actorOf(sessionId: SessionId): Promise<Actor> {
    const { ref, orgId, permissions, properties, name } = await this.call(nobody, resolveSession, { sessionId });
    return { ref, orgId, permissions, properties, sessionId, name };
  }

  events(contract: EventContract, about?: string): Fact[] {
    return this.heard.filter((fact) => fact.type === contract.type && (about === undefined || fact.subject === about));
  }

  async hears(contract: EventContract, about: string, times = 1): Promise<Fact> {
    await eventually(() => expect(this.events(contract, about)).toHaveLength(times), patience);
    return this.events(contract, about)[times - 1]!;
  }
}

export const tokenOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** The code of the error that a call ends with. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'ok',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

/** How mongod would answer a query; not which other ways it thought of. */
export function winningPlanOf(explained: object): string {
  const { queryPlanner } = explained as { queryPlanner: { winningPlan: unknown } };
  return JSON.stringify(queryPlanner.winningPlan);
}
