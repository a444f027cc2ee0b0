import { Socket } from 'node:net';
import SMTPConnection, { type AuthenticationType, type Options } from 'nodemailer/lib/smtp-connection';
import { SmtpDialogue, type Letter, type Posted, type SmtpFault } from './smtp-dialogue.js';
import { extensionsOf } from './smtp-words.rules.js';

/**
 * One connection to the mail server, which takes one mail after the other. The library opens it, secures it and signs in, and watches
 * over its time-outs and its end; mails are handed over by our own dialogue.
 */
export class SmtpLine {
  readonly #connection: SMTPConnection;
  #dialogue: SmtpDialogue | null = null;
  #isGone = false;
  #isUsed = false;
  /** Why it ended, where the library said so. */
  #trouble: SmtpFault | null = null;

  /** `onGone` is told once, whoever ended it. */
  constructor(
    settings: Options,
    private readonly auth: AuthenticationType | undefined,
    onGone: () => void,
  ) {
    this.#connection = new SMTPConnection(settings);
    // where nobody waits for anything, the server ended what was idle
    this.#connection.on('error', (error: SmtpFault) => {
      this.#trouble ??= error;
    });
    this.#connection.once('end', () => {
      this.#isGone = true;
      onGone();
      this.#dialogue?.end(this.#trouble ?? hungUp);
    });
  }

  /** It took a mail before: the server may have hung up since. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Of the mail that is being posted. */
  get contentBegan(): boolean {
    return this.#dialogue?.contentBegan ?? false;
  }

  post(letter: Letter, done: (posted: Posted) => void): void {
    if (this.#isGone) {
      done({ ok: false, error: hungUp, contentBegan: false });
      return;
    }
    if (this.#dialogue) {
      this.#post(this.#dialogue, letter, done);
      return;
    }
    this.#open((opened) => {
      if (opened instanceof SmtpDialogue) this.#post(opened, letter, done);
      else done({ ok: false, error: opened, contentBegan: false });
    });
  }

  /** After a mail that was refused, before another. */
  reset(done: (isFit: boolean) => void): void {
    if (this.#isGone || !this.#dialogue) done(false);
    else this.#dialogue.reset(done);
  }

  hangUp(): void {
    this.#connection.close();
  }

  #post(dialogue: SmtpDialogue, letter: Letter, done: (posted: Posted) => void): void {
    dialogue.post(letter, (posted) => {
      if (posted.ok) this.#isUsed = true;
      done(posted);
    });
  }

  #open(done: (opened: SmtpDialogue | SmtpFault) => void): void {
    let isOver = false;
    const over = (opened: SmtpDialogue | SmtpFault): void => {
      if (isOver) return;
      isOver = true;
      done(opened);
    };
    this.#connection.once('error', over);
    this.#connection.once('end', () => {
      over({ message: 'The mail server hung up before it took anything.' });
    });
    this.#connection.connect((error) => {
      if (error) {
        over(error);
        return;
      }
      // of the session as it is now: after STARTTLS the server introduced itself again
      const extensions = extensionsOf(this.#connection.lastServerResponse || '');
      const begin = (): void => {
        over(this.#begin(extensions));
      };
      if (!this.auth || !this.#connection.allowsAuth) begin();
      else
        this.#connection.login(this.auth, (refused) => {
          if (refused) over(refused);
          else begin();
        });
    });
  }

  #begin(extensions: ReadonlySet<string>): SmtpDialogue | SmtpFault {
    const { _socket: socket } = this.#connection;
    if (!(socket instanceof Socket)) return hungUp;
    this.#dialogue = new SmtpDialogue(socket, extensions, (why) => {
      this.#trouble ??= why;
      this.hangUp();
    });
    return this.#dialogue;
  }
}

const hungUp: SmtpFault = { message: 'The mail server ended the connection.', code: 'ECONNECTION', command: 'CONN' };
