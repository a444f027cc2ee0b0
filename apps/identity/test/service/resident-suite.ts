import {
  activationCompleted,
  personErased,
  residentRegistered,
  type sendTemplate,
  setResidentPassword,
  signInResident,
  type EventContract,
  type InputOf,
  type OrgId,
  type OutputOf,
  type PersonId,
  type PropertyId,
  type ResidentId,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import { connectAs, eventually, outgoing, type Peer } from '@leasewire/testing';
import { headers } from '@nats-io/transport-node';
import { client, IdentitySuite, nobody } from './identity-suite.js';

export type Mail = InputOf<typeof sendTemplate>;
export const firstPassword = 'granite kettle tuesday';

export interface Tenant {
  readonly orgId: OrgId;
  readonly personId: PersonId;
  readonly residentId: ResidentId;
  readonly propertyId: PropertyId;
  readonly email: string;
  readonly name: string;
}

/** identity with directory and notifications played by the test. */
export class ResidentSuite {
  readonly mails: Mail[] = [];

  private constructor(
    readonly identity: IdentitySuite,
    readonly directory: Peer,
    readonly onboarding: Peer,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<ResidentSuite> {
    const identity = await IdentitySuite.start(env);
    const directory = await connectAs('directory');
    await directory.bus.ensureStream('directory');
    const onboarding = await connectAs('onboarding');
    await onboarding.bus.ensureStream('onboarding');
    const suite = new ResidentSuite(identity, directory, onboarding);
    const notifications = await connectAs('notifications');
    const keys = new Set<string>();
    notifications.nats.subscribe('rpc.notifications.>', {
      queue: 'notifications',
      callback: (error, message) => {
        if (error) return;
        const mail = JSON.parse(message.string()) as Mail;
        if (!keys.has(mail.key)) suite.mails.push(mail);
        keys.add(mail.key);
        const ok = headers();
        ok.set('lw-ok', '1');
        message.respond(JSON.stringify({ messageId: newId('msg') }), { headers: ok });
      },
    });
    await notifications.nats.flush();
    return suite;
  }

  tenant(orgId: OrgId, email = `t-${newId('x').slice(-10)}@example.com`, name = 'Noor Haddad'): Tenant {
    return { orgId, personId: newId('per'), residentId: newId('res'), propertyId: newId('prop'), email, name };
  }

  /** As onboarding does on activation. */
  activate({ orgId, personId, email, name }: Tenant, password = firstPassword, opens: 'at-once' | 'when-activated' = 'at-once') {
    return this.identity.call(this.asOnboarding(orgId), setResidentPassword, { personId, email, name, password, opens });
  }

  asOnboarding(orgId: OrgId): Actor {
    return { ref: 'service:gateway', orgId, permissions: 'all', properties: 'all' };
  }

  async activated(orgId: OrgId, email?: string, name?: string, password?: string): Promise<Tenant> {
    const tenant = this.tenant(orgId, email, name);
    await this.activate(tenant, password);
    return tenant;
  }

  signIn(email: string, more: Partial<InputOf<typeof signInResident>> = {}): Promise<OutputOf<typeof signInResident>> {
    return this.identity.call(nobody, signInResident, {
      email,
      password: firstPassword,
      address: this.identity.address(),
      ...client,
      ...more,
    });
  }

  /** As the gateway asserts somebody who is signed in. */
  actorOf({ orgId, personId }: Pick<Tenant, 'orgId' | 'personId'>, sessionId?: string): Actor {
    return { ref: `resident:${personId}`, orgId, permissions: {}, properties: [], ...(sessionId !== undefined && { sessionId }) };
  }

  async mailTo(email: string, template: string): Promise<Mail> {
    const found = (): Mail | undefined => this.mails.find((mail) => mail.template === template && addressOf(mail) === email);
    await eventually(() => expect(found()).toBeDefined(), { timeoutMs: 20_000 });
    return found()!;
  }

  /** directory says how a residency is now. */
  async says(
    contract: EventContract,
    tenant: Tenant,
    state: 'active' | 'archived' | 'pending-import',
    version: number,
    email: string | null = tenant.email,
  ): Promise<void> {
    const resident = {
      ...residentRegistered.example.resident,
      id: tenant.residentId,
      personId: tenant.personId,
      propertyId: tenant.propertyId,
      displayName: tenant.name,
      email,
      state,
      version,
    };
    await this.#publish(contract, { resident, changed: [] }, tenant, tenant.residentId, version);
  }

  /** onboarding says that they are live. */
  async saysActivated({ orgId, personId }: Tenant): Promise<void> {
    const { invitation, account } = activationCompleted.schema.parse(activationCompleted.example);
    const data = { invitation, account: { ...account, personId } };
    await this.onboarding.bus.publish(outgoing(activationCompleted, { data, orgId, subject: personId, version: 1 }));
  }

  erases(tenant: Tenant): Promise<void> {
    return this.#publish(
      personErased,
      { personId: tenant.personId, propertyIds: [tenant.propertyId] },
      tenant,
      tenant.personId,
      9,
    );
  }

  async #publish(contract: EventContract, data: unknown, { orgId }: Tenant, subject: string, version: number): Promise<void> {
    await this.directory.bus.publish(outgoing(contract, { data, orgId, subject, version }));
  }
}

export const addressOf = ({ recipients: [first] }: Mail): string | undefined =>
  first?.kind === 'address' ? first.email : undefined;
export const linkIn = (mail: Mail): string => Object.values(mail.secrets ?? {})[0]!;
export const tokenIn = (mail: Mail): string => linkIn(mail).slice(linkIn(mail).lastIndexOf('/') + 1);
