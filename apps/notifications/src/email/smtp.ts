import { buffer } from 'node:stream/consumers';
import type { Clock } from '@leasewire/messaging';
import DKIM from 'nodemailer/lib/dkim';
import MailComposer from 'nodemailer/lib/mail-composer';
import { signedHeaders, type Mail, type MailDomain } from './mail.js';
import type { SmtpFailure } from './smtp-outcome.rules.js';
import { SmtpPool } from './smtp-pool.js';
import { writeMail } from './write-mail.rules.js';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly requireTls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly connections: number;
}

export type Handed = { readonly ok: true; readonly reply: string } | { readonly ok: false; readonly failure: SmtpFailure };

const connectMs = 10_000;
const silenceMs = 30_000;

/** Writes mails, signs them and hands them to a mail server; what is certain after each. */
export class Smtp {
  readonly #pool: SmtpPool;
  readonly #signers = new Map<string, DKIM>();

  constructor(
    { host, port, secure, requireTls, user, password, connections }: SmtpSettings,
    private readonly clock: Clock,
  ) {
    this.#pool = new SmtpPool(
      {
        ...{ host, port, secure, requireTLS: requireTls },
        ...{ connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: silenceMs },
      },
      user === undefined ? undefined : { user, credentials: { user, pass: password ?? '' } },
      connections,
    );
  }

  async hand(mail: Mail, signal: AbortSignal): Promise<Handed> {
    const whole = writeMail(mail, this.clock.now());
    const unsigned = whole ?? (await this.#byLibrary(mail)).toString('latin1');
    const content = mail.signing ? await this.#signed(unsigned, mail.signing) : unsigned;
    const posted = await this.#pool.post({ envelope: mail.envelope, content }, signal);
    if (posted.ok) return posted;
    const { error, contentBegan } = posted;
    const { message, responseCode, command } = error;
    return {
      ok: false,
      failure: { message, replyCode: responseCode ?? null, command: command ?? null, contentBegan },
    };
  }

  close(): void {
    this.#pool.close();
  }

  #byLibrary({ signing: _signing, ...mail }: Mail): Promise<Buffer> {
    const options = { ...mail, from: { ...mail.from }, to: { ...mail.to }, headers: { ...mail.headers } };
    const attachments = mail.attachments.map((file) => ({ ...file }));
    const date = this.clock.now();
    return new MailComposer({ ...options, attachments, date, disableFileAccess: true, disableUrlAccess: true }).compile().build();
  }

  async #signed(unsigned: string, by: MailDomain): Promise<string> {
    const signed = await buffer(this.#signer(by).sign(Buffer.from(unsigned, 'latin1')));
    return signed.toString('latin1');
  }

  #signer({ domain, selector, privateKey }: MailDomain): DKIM {
    const known = this.#signers.get(domain);
    if (known) return known;
    const signer = new DKIM({ domainName: domain, keySelector: selector, privateKey, headerFieldNames: signedHeaders });
    this.#signers.set(domain, signer);
    return signer;
  }
}
