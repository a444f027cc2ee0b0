import {
  createMessage,
  getMessage,
  listDeliveries,
  organizationClosed,
  organizationCreated,
  previewMessage,
  type Delivery,
  type EventContract,
  type Fact,
  type InputOf,
  type Message,
  type MessageId,
  type MessageState,
  type OrgId,
  type OutputOf,
  type Property,
  type RpcContract,
} from '@leasewire/contracts';
import { newId, type Actor } from '@leasewire/messaging';
import type { RunningService, ServiceDefinition } from '@leasewire/service-kit';
import { startMailCatcher, type MailCatcher } from '@leasewire/simulators';
import {
  connectAs,
  eventually,
  newOrgId,
  onCleanUp,
  outgoing,
  serviceActor,
  staffActor,
  startService,
  suiteDeployment,
  type Peer,
} from '@leasewire/testing';
import { notifications } from '../../src/notifications.service-definition.js';
import { StubDirectory } from './stub-directory.js';

jest.setTimeout(60_000);
export const patience = { timeoutMs: 25_000 };
type Draft = InputOf<typeof createMessage>['draft'];

/** notifications with a mail catcher, a directory, a gateway and a service that calls it, and all that it has said. */
export class NotificationsSuite {
  readonly heard: Fact[] = [];

  private constructor(
    readonly service: RunningService,
    readonly directory: StubDirectory,
    readonly gateway: Peer,
    readonly identity: Peer,
    readonly pms: Peer,
    readonly post: MailCatcher,
    readonly postUrl: string,
  ) {}

  static async start(
    env: Record<string, string> = {},
    definition: ServiceDefinition = notifications,
  ): Promise<NotificationsSuite> {
    const directory = await StubDirectory.start();
    const identity = await connectAs('identity');
    await identity.bus.ensureStream('identity');
    const pms = await connectAs('pms-sync');
    await pms.bus.ensureStream('pms-sync');
    const mail = await startMailCatcher();
    onCleanUp(() => mail.close());
    const { host, port, user, password } = mail.smtp;
    const service = await startService(definition, {
      LEASEWIRE_SMTP_HOST: host,
      LEASEWIRE_SMTP_PORT: String(port),
      LEASEWIRE_SMTP_USER: user,
      LEASEWIRE_SMTP_PASSWORD: password,
      LEASEWIRE_RETURN_PORT: '0',
      ...env,
    });
    const suite = new NotificationsSuite(service, directory, await connectAs('gateway'), identity, pms, mail.catcher, mail.url);
    const audit = await connectAs('audit');
    await audit.bus.subscribe({ service: 'audit', handler: 'record', contracts: 'all', stream: 'notifications' }, (fact) => {
      suite.heard.push(fact);
      return Promise.resolve();
    });
    return suite;
  }

  call<C extends RpcContract>(actor: Actor, contract: C, input: InputOf<C>): Promise<OutputOf<C>> {
    return this.gateway.call(actor, contract, input, patience);
  }

  /** As a service that has something sent. */
  ask<C extends RpcContract>(orgId: OrgId, contract: C, input: InputOf<C>): Promise<OutputOf<C>> {
    return this.identity.call(serviceActor('identity', orgId), contract, input, patience);
  }

  async closes(orgId: OrgId): Promise<void> {
    const organization = organizationOf(orgId);
    await this.identity.bus.publish(outgoing(organizationClosed, { orgId, subject: orgId, version: 2, data: { organization } }));
  }

  async org(): Promise<{ orgId: OrgId; staff: Actor; property: Property }> {
    const orgId = newOrgId();
    const organization = organizationOf(orgId);
    await this.identity.bus.publish(outgoing(organizationCreated, { orgId, subject: orgId, data: { organization } }));
    const property = await this.directory.property(orgId);
    const staff = staffActor({ orgId, name: 'Kim Lee' });
    const draft = this.draft(property, { audience: { emails: [{ email: 'probe@example.test' }] } });
    await eventually(() => this.call(staff, previewMessage, { draft }), patience);
    return { orgId, staff, property };
  }

  draft({ id: propertyId }: Property, more: Partial<Draft> = {}): Draft {
    return {
      propertyId,
      audience: { propertyIds: [propertyId] },
      subject: 'Water is off for {{ unit.name | default: "you" }}',
      body: '<p>Dear {{ resident.firstName | default: "resident" }}, water is off on Tuesday.</p>',
      ...more,
    };
  }

  async sent(staff: Actor, draft: Draft): Promise<Message> {
    const { token, reach } = await this.call(staff, previewMessage, { draft });
    return this.call(staff, createMessage, { draft, token, typed: reach.reached });
  }

  async passes(seconds: number): Promise<void> {
    (await suiteDeployment()).clock.advance({ seconds });
  }

  async becomes(staff: Actor, messageId: MessageId, state: MessageState) {
    return eventually(async () => {
      const message = await this.call(staff, getMessage, { messageId });
      expect(message.state).toBe(state);
      return message;
    }, patience);
  }

  async deliveries(staff: Actor, messageId: MessageId): Promise<Delivery[]> {
    const { items } = await this.call(staff, listDeliveries, { messageId, limit: 200 });
    return items;
  }

  events(contract: EventContract, about?: string): Fact[] {
    return this.heard.filter((fact) => fact.type === contract.type && (about === undefined || fact.subject === about));
  }
}

export const aKey = (): string => newId('key');

export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'ok',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

const organizationOf = (id: OrgId) => {
  const at = new Date().toISOString();
  return { id, name: 'Harbour Living', version: 1, createdAt: at, updatedAt: at };
};
