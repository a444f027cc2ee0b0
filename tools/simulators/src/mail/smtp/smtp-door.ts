import type { SMTPServerAuthentication, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { FaultOf, MailFault, MailFaults, Moment } from '../faults.js';
import type { Envelope, Mail } from '../mail.js';
import { usualText } from './replies.js';
import { SocketServer } from './socket-server.js';

export interface Arrived {
  readonly envelope: Envelope;
  readonly raw: Buffer;
  readonly user: string | null;
  readonly tls: boolean;
}

export interface DoorOptions {
  readonly user: string;
  readonly password: string;
  readonly authRequired: boolean;
  /** With a certificate or, where clients do not check it, without one of one's own. */
  readonly starttls: boolean | { readonly key: string; readonly cert: string };
  readonly faults: MailFaults;
  readonly nowMs: () => number;
  /** Keeps it. */
  accept(arrived: Arrived): Mail;
  /** The sender is being told that it was accepted. */
  answered(mail: Mail): void;
}

type Callback = (error?: Refusal | null) => void;

/** What the server says instead of yes. */
class Refusal extends Error {
  constructor(
    readonly responseCode: number,
    text: string,
  ) {
    super(text);
  }
}

const mostBytes = 35 * 1024 * 1024;
const minuteMs = 60_000;

/** The SMTP side: real conversations, spoilt as the faults say. */
export class SmtpDoor {
  readonly #server: SocketServer;
  readonly #options: DoorOptions;
  /** When the mails of the last minute came. */
  #lately: number[] = [];
  readonly #greylisted = new Map<string, number>();

  constructor(options: DoorOptions) {
    this.#options = options;
    const { starttls, authRequired } = options;
    this.#server = new SocketServer({
      name: 'mail.simulated.test',
      logger: false,
      size: mostBytes,
      rejectOversized: true,
      authOptional: !authRequired,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      hideDSN: false,
      disabledCommands: starttls === false ? ['STARTTLS'] : [],
      ...(typeof starttls === 'object' ? starttls : {}),
      onConnect: (session, callback) => void this.#meet('connect', session, {}, callback),
      onAuth: (auth, session, callback) =>
        void this.#meet('auth', session, {}, (error) => {
          if (error) callback(error);
          else if (this.#isKnown(auth)) callback(null, { user: auth.username });
          else callback(new Refusal(535, '5.7.8 Authentication credentials invalid'));
        }),
      onMailFrom: ({ address }, session, callback) => void this.#meet('mail', session, { from: address }, callback),
      onRcptTo: ({ address }, session, callback) => {
        const { mailFrom } = session.envelope;
        void this.#meet('rcpt', session, { from: mailFrom === false ? '' : mailFrom.address, to: [address] }, callback);
      },
      onData: (stream, session, callback) => this.#data(stream, session, callback),
    });
    this.#server.on('error', () => {
      // a client that goes away in the middle of something is what this is for
    });
  }

  open(port: number): Promise<number> {
    return this.#server.open(port);
  }

  close(): Promise<void> {
    return this.#server.shut();
  }

  /** After faults were added or cleared: is somebody listening? */
  async follow(): Promise<void> {
    if (this.#options.faults.refusing) await this.#server.shut();
    else await this.#server.openAgain();
  }

  forget(): void {
    this.#lately = [];
    this.#greylisted.clear();
  }

  #isKnown({ username, password }: SMTPServerAuthentication): boolean {
    return username === this.#options.user && password === this.#options.password;
  }

  async #meet(at: Moment, session: SMTPServerSession, about: Partial<Envelope>, callback: Callback): Promise<void> {
    const faults = this.#options.faults.meeting(at, about);
    await waitFor(faults);
    if (faults.some(({ kind }) => kind === 'drop')) {
      this.#server.cut(session.id);
      return;
    }
    callback(this.#refusalBy(faults, about));
  }

  #refusalBy(faults: readonly MailFault[], { from = '', to = [] }: Partial<Envelope>): Refusal | null {
    for (const fault of faults) {
      if (fault.kind === 'reject') return new Refusal(fault.code, fault.text ?? usualText(fault.code, fault.at, to[0] ?? from));
      if (fault.kind === 'rate-limit' && this.#mailsOfTheLastMinute() >= fault.perMinute)
        return new Refusal(421, '4.7.0 Too many messages, slow down and try again later');
      if (fault.kind === 'greylist' && this.#isTooEarly(fault, to[0] ?? ''))
        return new Refusal(450, `4.2.0 <${to[0] ?? ''}>: Recipient address rejected: Greylisted, try again later`);
    }
    return null;
  }

  #mailsOfTheLastMinute(): number {
    const since = this.#options.nowMs() - minuteMs;
    const first = this.#lately.findIndex((at) => at > since);
    this.#lately = first < 0 ? [] : this.#lately.slice(first);
    return this.#lately.length;
  }

  #isTooEarly({ id, ms }: FaultOf<'greylist'>, recipient: string): boolean {
    const key = `${id} ${recipient.toLowerCase()}`;
    const first = this.#greylisted.get(key);
    if (first === undefined) this.#greylisted.set(key, this.#options.nowMs());
    return first === undefined || this.#options.nowMs() - first < ms;
  }

  #data(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: (error?: Error | null, message?: string) => void,
  ): void {
    const envelope = envelopeOf(session);
    const { faults } = this.#options;
    // before the server could say 354
    if (faults.meeting('data', envelope).length > 0) {
      this.#server.cut(session.id);
      return;
    }
    const lost = faults.meeting('content', envelope).length > 0;
    const chunks: Buffer[] = [];
    stream.on('error', () => {
      // the client left in the middle of the mail: there is no mail
    });
    stream.on('data', (chunk: Buffer) => {
      if (lost) this.#server.cut(session.id);
      else chunks.push(chunk);
    });
    stream.on('end', () => {
      if (!lost && !stream.sizeExceeded) void this.#end(Buffer.concat(chunks), envelope, session, callback);
      else callback();
    });
  }

  async #end(
    raw: Buffer,
    envelope: Envelope,
    session: SMTPServerSession,
    callback: (error?: Error | null, message?: string) => void,
  ): Promise<void> {
    const faults = this.#options.faults.meeting('end', envelope);
    const refusal = this.#refusalBy(faults, envelope);
    if (refusal !== null) {
      await waitFor(faults);
      callback(refusal);
      return;
    }
    const user = typeof session.user === 'string' ? session.user : null;
    const mail = this.#options.accept({ envelope, raw, user, tls: session.secure });
    this.#lately.push(this.#options.nowMs());
    await waitFor(faults);
    if (faults.some(({ kind }) => kind === 'drop') || !this.#server.isOpen(session.id)) {
      this.#server.cut(session.id);
      return;
    }
    this.#options.answered(mail);
    callback(null, `2.0.0 OK: queued as ${mail.id}`);
  }
}

function envelopeOf({ envelope: { mailFrom, rcptTo, dsn } }: SMTPServerSession): Envelope {
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    envid: dsn?.envid ?? null,
    notify: Object.fromEntries(rcptTo.flatMap((one) => (one.dsn?.notify === undefined ? [] : [[one.address, one.dsn.notify]]))),
  };
}

async function waitFor(faults: readonly MailFault[]): Promise<void> {
  const ms = faults.reduce((sum, fault) => (fault.kind === 'slow' ? sum + fault.ms : sum), 0);
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
