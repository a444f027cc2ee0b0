import type { Clock } from '../world/world.js';
import { Prng } from '../world/prng.js';
import { listeningFor } from '../http/site.js';
import { DkimKeys } from './dkim/dkim-keys.js';
import { MailFaultWish, MailFaults, type AutoReply, type Bounce, type Complaint, type MailFault } from './faults.js';
import { headOf, type Mail } from './mail.js';
import { Mailbox, type Keeping, type MailQuery, type Tally } from './mailbox.js';
import { MailSite } from './mail-site.js';
import { autoReplyOf, complaintOf } from './returns/answers.js';
import { bounceOf } from './returns/bounce.js';
import { Courier, type ReturnsAddress, type Sent } from './returns/courier.js';
import { SmtpDoor, type Arrived, type DoorOptions } from './smtp/smtp-door.js';

export interface MailCatcherWish {
  /** 0, the default: any that is free. */
  readonly smtpPort?: number;
  readonly user?: string;
  readonly password?: string;
  /** By default a mail is taken from anyone; a wrong password is refused always. */
  readonly authRequired?: boolean;
  readonly starttls?: DoorOptions['starttls'];
  /** Where bounces, complaints and auto-replies are delivered by SMTP; it can be told later. */
  readonly returns?: ReturnsAddress;
  readonly keep?: Partial<Keeping>;
  readonly seed?: number;
  readonly clock?: Clock;
}

export interface SmtpAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** What answers a mail, on demand. */
export type Reaction =
  | ({ readonly kind: 'bounce' } & Bounce)
  | ({ readonly kind: 'complaint' } & Complaint)
  | ({ readonly kind: 'auto-reply' } & AutoReply);

const usualRoom: Keeping = { mails: 50_000, bytes: 256 * 1024 * 1024 };

/** Takes every mail, delivers none. */
export class MailCatcher {
  readonly mailbox: Mailbox;
  readonly faults: MailFaults;
  readonly courier: Courier;
  readonly dkimKeys = new DkimKeys();
  readonly #door: SmtpDoor;
  readonly #clock: Clock;
  readonly #access: Omit<SmtpAccess, 'port'>;
  #port = 0;

  constructor(private readonly wish: MailCatcherWish = {}) {
    const chances = new Prng(wish.seed ?? 1);
    this.#clock = wish.clock ?? { now: () => new Date() };
    this.#access = { host: '127.0.0.1', user: wish.user ?? 'leasewire', password: wish.password ?? 'simulated-smtp-password-1' };
    this.mailbox = new Mailbox({ ...usualRoom, ...wish.keep });
    this.faults = new MailFaults((share) => chances.chance(share));
    this.courier = new Courier(wish.returns ?? null);
    this.#door = new SmtpDoor({
      ...this.#access,
      authRequired: wish.authRequired ?? false,
      starttls: wish.starttls ?? false,
      faults: this.faults,
      nowMs: () => performance.now(),
      accept: (arrived) => this.#accept(arrived),
      answered: (mail) => this.mailbox.answered(mail),
    });
  }

  async open(): Promise<void> {
    this.#port = await this.#door.open(this.wish.smtpPort ?? 0);
  }

  async close(): Promise<void> {
    this.courier.close();
    await this.#door.close();
  }

  get smtp(): SmtpAccess {
    return { ...this.#access, port: this.#port };
  }

  mails(query?: MailQuery): Mail[] {
    return this.mailbox.list(query);
  }

  /** Throws when there are not so many in time. */
  async wait(query: MailQuery, how: { count?: number; timeoutMs?: number } = {}): Promise<Mail[]> {
    const found = await this.mailbox.wait(query, how);
    if (found.length >= (how.count ?? 1)) return found;
    throw new Error(`Of ${JSON.stringify(query)} came ${found.length} mails, not ${how.count ?? 1}.`);
  }

  tally(query?: MailQuery): Tally & { readonly dropped: number } {
    return this.mailbox.tally(query);
  }

  async fault(wish: Parameters<typeof MailFaultWish.parse>[0]): Promise<MailFault> {
    const fault = this.faults.add(MailFaultWish.parse(wish));
    await this.#door.follow();
    if (fault.kind === 'refuse' && fault.ms !== undefined) setTimeout(() => void this.clearFaults(fault.id), fault.ms).unref();
    return fault;
  }

  /** One, or all. */
  async clearFaults(id?: number): Promise<void> {
    this.faults.clear(id);
    await this.#door.follow();
  }

  /** Mails, counts, faults and what waits to be returned. */
  async clear(): Promise<void> {
    this.mailbox.clear();
    this.courier.clear();
    this.#door.forget();
    await this.clearFaults();
  }

  react(mail: Mail, recipient: string, reaction: Reaction, ms = 0): void {
    const about = `${reaction.kind} of ${mail.id} by ${recipient}`;
    this.courier.later(ms, mail.id, about, () => {
      const at = this.#clock.now();
      if (reaction.kind === 'bounce') return bounceOf(mail, recipient, reaction, at);
      return reaction.kind === 'complaint'
        ? complaintOf(mail, recipient, reaction, at)
        : autoReplyOf(mail, recipient, reaction, at);
    });
  }

  returns(): readonly Sent[] {
    return this.courier.list();
  }

  #accept({ envelope, raw, user, tls }: Arrived): Mail {
    const mail = this.mailbox.add({ at: this.#clock.now(), envelope, raw, head: headOf(raw), user, tls });
    for (const to of envelope.to)
      for (const fault of this.faults.returning({ from: envelope.from, to: [to] }))
        if (fault.kind === 'bounce' || fault.kind === 'complaint' || fault.kind === 'auto-reply')
          this.react(mail, to, fault, fault.ms);
    return mail;
  }
}

/** Alone, on a port of its own; `startSimulators` has one too. */
export async function startMailCatcher({ port = 0, ...wish }: MailCatcherWish & { readonly port?: number } = {}): Promise<{
  readonly catcher: MailCatcher;
  readonly url: string;
  readonly smtp: SmtpAccess;
  close(): Promise<void>;
}> {
  const catcher = new MailCatcher(wish);
  await catcher.open();
  const web = await listeningFor(new MailSite(catcher), port);
  const close = async () => {
    await Promise.all([web.close(), catcher.close()]);
  };
  return { catcher, url: `http://127.0.0.1:${web.port}`, smtp: catcher.smtp, close };
}
