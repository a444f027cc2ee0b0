import { sendTemplate, type DomainError, type InputOf } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { connectAs, type Peer } from '@leasewire/testing';
import { headers, type Msg } from '@nats-io/transport-node';

type Sent = InputOf<typeof sendTemplate>;

/** notifications as identity sees it: it takes each key once, and may be away. */
export class StubNotifications {
  readonly sent = new Map<string, Sent>();
  asked = 0;
  /** What it answers instead of taking the next. */
  fails: DomainError | null = null;
  /** It takes the next, and its answer gets lost. */
  loses = 0;
  #listening: { unsubscribe(): void } | undefined;

  private constructor(private readonly peer: Peer) {}

  static async start(): Promise<StubNotifications> {
    return new StubNotifications(await connectAs('notifications'));
  }

  async listen(): Promise<void> {
    this.#listening = this.peer.nats.subscribe('rpc.notifications.send', {
      queue: 'notifications',
      callback: (error, message) => {
        if (!error) this.#take(message);
      },
    });
    await this.peer.nats.flush();
  }

  async leave(): Promise<void> {
    this.#listening?.unsubscribe();
    await this.peer.nats.flush();
  }

  to(email: string, template?: Sent['template']): Sent[] {
    const all = [...this.sent.values()];
    return all.filter(
      (one) =>
        one.recipients.some((to) => to.kind === 'address' && to.email === email) &&
        (template === undefined || one.template === template),
    );
  }

  #take(message: Msg): void {
    this.asked++;
    const reply = headers();
    const input = sendTemplate.input.parse(JSON.parse(message.string()));
    if (this.fails) {
      reply.set('lw-ok', '0');
      message.respond(JSON.stringify(this.fails.toBody()), { headers: reply });
      return;
    }
    this.sent.set(input.key, input);
    if (this.loses-- > 0) return;
    reply.set('lw-ok', '1');
    message.respond(JSON.stringify({ messageId: newId('msg') }), { headers: reply });
  }
}
