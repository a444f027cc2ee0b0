import { Readable } from 'node:stream';
import SMTPConnection, { type AuthenticationType, type Options, type SMTPError } from 'nodemailer/lib/smtp-connection';

export interface Letter {
  readonly envelope: { readonly from: string; readonly to: string };
  /** The mail as it goes over the wire. */
  readonly content: Buffer;
}
export interface NotPosted {
  readonly ok: false;
  readonly error: SMTPError;
  /** The server asked for the content: it may have it, whatever came afterwards. */
  readonly contentBegan: boolean;
}
export type Posted = { readonly ok: true; readonly reply: string } | NotPosted;

/** The content of a mail, which notices when the server asks for it. */
class Content extends Readable {
  began = false;

  constructor(private readonly bytes: Buffer) {
    super();
  }

  /** Whole: to be read piece by piece would cost more than everything else about it. */
  override pipe<T extends NodeJS.WritableStream>(to: T): T {
    this.began = true;
    to.end(this.bytes);
    return to;
  }
}

/** One connection to the mail server, which takes one mail after the other. */
export class SmtpLine {
  readonly #connection: SMTPConnection;
  #state: 'new' | 'open' | 'gone' = 'new';
  #isUsed = false;
  #content: Content | null = null;

  /** `onGone` is told once, whoever ended it. */
  constructor(
    settings: Options,
    private readonly auth: AuthenticationType | undefined,
    onGone: () => void,
  ) {
    this.#connection = new SMTPConnection(settings);
    // whoever waits for something is told of it besides; where nobody does, the server ended what was idle
    this.#connection.on('error', () => undefined);
    this.#connection.once('end', () => {
      this.#state = 'gone';
      onGone();
    });
  }

  /** It took a mail before: the server may have hung up since. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  get isGone(): boolean {
    return this.#state === 'gone';
  }

  /** Of the mail that is being posted. */
  get contentBegan(): boolean {
    return this.#content?.began ?? false;
  }

  post(letter: Letter, done: (posted: Posted) => void): void {
    if (this.#state === 'open') {
      this.#send(letter, done);
      return;
    }
    this.#open((error) => {
      if (error) done({ ok: false, error, contentBegan: false });
      else this.#send(letter, done);
    });
  }

  /** After a mail that was refused, before another. */
  reset(done: (isFit: boolean) => void): void {
    this.#connection.reset((error) => {
      done(error === null);
    });
  }

  hangUp(): void {
    this.#connection.close();
  }

  #open(done: (error: SMTPError | null) => void): void {
    let isOver = false;
    const over = (error?: SMTPError | null): void => {
      if (isOver) return;
      isOver = true;
      if (!error) this.#state = 'open';
      done(error ?? null);
    };
    this.#connection.once('error', over);
    this.#connection.once('end', () => {
      over(new Error('The mail server hung up before it took anything.'));
    });
    this.#connection.connect((error) => {
      if (error || !this.auth || !this.#connection.allowsAuth) over(error);
      else this.#connection.login(this.auth, over);
    });
  }

  #send({ envelope, content: bytes }: Letter, done: (posted: Posted) => void): void {
    const content = new Content(bytes);
    this.#content = content;
    this.#connection.send({ ...envelope }, content, (error: SMTPError | null, info?: { readonly response: string }) => {
      this.#content = null;
      if (error || !info) {
        done({ ok: false, error: error ?? new Error('The mail server said nothing.'), contentBegan: content.began });
        return;
      }
      this.#isUsed = true;
      done({ ok: true, reply: info.response });
    });
  }
}
