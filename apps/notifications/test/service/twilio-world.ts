import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  previewMessage,
  receiveSms,
  receiveSmsStatus,
  recordConsent,
  type Delivery,
  type InputOf,
  type Message,
} from '@leasewire/contracts';
import { startTwilioSimulator, TwilioFaultWish, type TwilioSimulator } from '@leasewire/simulators';
import { eventually, onCleanUp, serviceActor, suiteDeployment } from '@leasewire/testing';
import { NotificationsSuite, patience } from './notifications-suite.js';

/** Twilio, and a door to the webhooks that passes on what the gateway’s does. */
export async function startWithTwilio(): Promise<TwilioWorld> {
  const { clock } = await suiteDeployment();
  const { twilio, url, access, close } = await startTwilioSimulator({ paceMs: 0, now: () => clock.now() });
  onCleanUp(close);
  const running: { suite?: NotificationsSuite } = {};
  const door = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const path = request.url ?? '';
      const params = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString('utf8')));
      const signed = { path, params, signature: String(request.headers['x-twilio-signature'] ?? '') };
      const reference = /status\/(\w+)$/.exec(path)?.[1];
      const gateway = serviceActor('gateway', null);
      const told =
        reference === undefined
          ? running.suite?.gateway.call(gateway, receiveSms, signed)
          : running.suite?.gateway.call(gateway, receiveSmsStatus, { ...signed, reference });
      Promise.resolve(told).then(
        () => response.writeHead(204).end(),
        (error: { code?: string }) => response.writeHead(error.code === 'webhook.forged' ? 403 : 503).end(),
      );
    });
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  onCleanUp(async () => {
    door.closeAllConnections();
    await new Promise((resolve) => door.close(resolve));
  });
  const at = door.address();
  const line = await Line.to(Number(new URL(url).port));
  const publicUrl = `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
  twilio.inboundUrl = `${publicUrl}/v1/hooks/twilio/inbound`;
  const suite = await NotificationsSuite.start({
    LEASEWIRE_PUBLIC_URL: publicUrl,
    LEASEWIRE_TWILIO_ACCOUNT_SID: access.accountSid,
    LEASEWIRE_TWILIO_AUTH_TOKEN: access.authToken,
    LEASEWIRE_TWILIO_MESSAGING_SERVICE_SID: access.messagingServiceSid,
    LEASEWIRE_TWILIO_API_URL: `http://127.0.0.1:${line.port}`,
    // long enough for a busy machine: a time-out that no test meant would be unknown
    LEASEWIRE_TWILIO_TIMEOUT_MS: '2500',
  });
  running.suite = suite;
  return new TwilioWorld(suite, twilio, line);
}

/** Between the service and Twilio; while it is down nobody is there to connect to. */
class Line {
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(target: number): Promise<Line> {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const line = new Line(server, (server.address() as AddressInfo).port);
    server.on('connection', (socket) => {
      const upstream = connect(target, '127.0.0.1');
      for (const [one, other] of [[socket, upstream] as const, [upstream, socket] as const]) {
        line.#sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy()).on('close', () => line.#sockets.delete(one));
      }
    });
    onCleanUp(() => line.down());
    return line;
  }

  async down(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async up(): Promise<void> {
    if (this.server.listening) return;
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }
}

/** Of the kinds of the simulator; the rest by the kind. */
export type Fault = Readonly<Record<string, unknown>>;
type Draft = InputOf<typeof previewMessage>['draft'];
export type Someone = Awaited<ReturnType<TwilioWorld['someone']>>;

export class TwilioWorld {
  #nth = 100;

  constructor(
    readonly suite: NotificationsSuite,
    readonly twilio: TwilioSimulator,
    readonly line: Line,
  ) {}

  nextNumber(): string {
    return `+1202555${String((this.#nth += 1)).padStart(4, '0')}`;
  }

  /** Somebody in a property where it is noon, who agreed unless it is said otherwise. */
  async someone({ phone = this.nextNumber(), agreed = true, hour = 12 } = {}) {
    const { suite } = this;
    const { orgId, staff } = await suite.org();
    const property = await suite.directory.property(orgId, { country: 'US', timeZone: await zoneWhereItIs(hour) });
    const resident = suite.directory.add(property.id, { phone });
    const draft: Draft = suite.draft(property, { channels: ['sms'], sms: `Water is off on Tuesday, ${phone.slice(-4)}.` });
    await eventually(() => suite.call(staff, previewMessage, { draft }), patience);
    const agree = (personId: typeof resident.personId, number: string) =>
      suite.call(staff, recordConsent, {
        ...{ personId, phone: number, answer: 'granted', how: 'written' },
        wording: 'Yes, text me about my home.',
      });
    if (agreed) await agree(resident.personId, phone);
    return { orgId, staff, property, resident, phone, draft, agree };
  }

  async texted(
    { staff, draft }: Someone,
    until: Delivery['state'],
    seconds = 0,
  ): Promise<{ message: Message; delivery: Delivery }> {
    const { suite } = this;
    const message = await suite.sent(staff, draft);
    await suite.passes(16);
    const delivery = await eventually(async () => {
      if (seconds > 0) await suite.passes(seconds);
      const [row] = await suite.deliveries(staff, message.id);
      expect(row?.state).toBe(until);
      return row!;
    }, patience);
    return { message, delivery };
  }

  textsTo(phone: string) {
    return this.twilio.texts.list({ to: phone, direction: 'outbound-api' });
  }

  fault(of: string, wish: Fault) {
    return this.twilio.faults.add(TwilioFaultWish.parse({ ...wish, to: of }));
  }
}

/** Where it is that hour now. */
export async function zoneWhereItIs(hour: number): Promise<string> {
  const offset = ((hour - (await suiteDeployment()).clock.now().getUTCHours() + 36) % 24) - 12;
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}
