import type { Socket } from 'node:net';
import { contentWords, envelopeWords, Replies, type Reply } from './smtp-words.rules.js';

export interface Letter {
  readonly envelope: { readonly from: string; readonly to: string };
  /** The mail, each of its bytes one sign. */
  readonly content: string;
}
/** Why a mail did not go; what `smtpOutcome` asks for. */
export interface SmtpFault {
  readonly message: string;
  readonly code?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly command?: string | undefined;
}
export interface NotPosted {
  readonly ok: false;
  readonly error: SmtpFault;
  /** The server asked for the content: it may have it, whatever came afterwards. */
  readonly contentBegan: boolean;
}
export type Posted = { readonly ok: true; readonly reply: string } | NotPosted;

type Step = (reply: Reply) => void;

/**
 * Mails on a connection that is open, secured and signed in, one after the other. Where the server allows it (RFC 2920) all that comes
 * before the content is said at once: a mail is two writes and two replies to wait for. No content leaves before the server asked for it.
 */
export class SmtpDialogue {
  readonly #replies = new Replies();
  /** What the next replies are to. */
  #steps: Step[] = [];
  #done: ((posted: Posted) => void) | null = null;
  #contentBegan = false;
  /** The first refusal of an envelope that was said at once; the reply to DATA is still to come. */
  #refusal: SmtpFault | null = null;

  /** `unfit`: nothing more can be said on it. */
  constructor(
    private readonly socket: Socket,
    private readonly extensions: ReadonlySet<string>,
    private readonly unfit: (why: SmtpFault) => void,
  ) {
    socket.removeAllListeners('data');
    socket.on('data', (piece: Buffer) => {
      this.#hear(piece.toString('latin1'));
    });
  }

  get contentBegan(): boolean {
    return this.#contentBegan;
  }

  post({ envelope, content }: Letter, done: (posted: Posted) => void): void {
    this.#done = done;
    this.#contentBegan = false;
    this.#refusal = null;
    const words = envelopeWords(envelope, this.extensions);
    if ('refused' in words) {
      this.#refused({ message: words.refused, code: 'EENVELOPE', responseCode: 553, command: 'RCPT TO' });
      return;
    }
    const [mail, rcpt, data] = words;
    if (this.extensions.has('PIPELINING')) {
      this.#steps = [this.#unless('MAIL FROM'), this.#unless('RCPT TO'), this.#onData(content)];
      this.socket.write(mail + rcpt + data);
      return;
    }
    this.#ask(mail, 'MAIL FROM', () => {
      this.#ask(rcpt, 'RCPT TO', () => {
        this.#steps = [this.#onData(content)];
        this.socket.write(data);
      });
    });
  }

  /** After a mail that was refused, before another. */
  reset(done: (isFit: boolean) => void): void {
    this.#steps = [
      ({ code }) => {
        done(isFine(code));
      },
    ];
    this.socket.write('RSET\r\n');
  }

  /** The connection is over. */
  end(why: SmtpFault): void {
    this.#steps = [];
    this.#refused(this.#refusal ?? why);
  }

  #hear(piece: string): void {
    const replies = this.#replies.read(piece);
    if (replies === null) {
      this.unfit({ message: 'The mail server said what is no reply.', code: 'EPROTOCOL', command: 'CONN' });
      return;
    }
    for (const reply of replies) {
      const step = this.#steps.shift();
      step?.(reply);
      // it ends the connection, whatever it was the answer to; and what nobody asked for fits nothing that follows
      if (!step || reply.code === 421) {
        this.unfit(faultOf('The mail server ended the connection', reply, 'ECONNECTION', 'CONN'));
        return;
      }
    }
  }

  #ask(words: string, command: string, then: () => void): void {
    this.#steps = [
      (reply) => {
        if (isFine(reply.code)) then();
        else this.#refused(faultOf(said[command], reply, 'EENVELOPE', command));
      },
    ];
    this.socket.write(words);
  }

  #unless(command: string): Step {
    return (reply) => {
      if (!isFine(reply.code)) this.#refusal ??= faultOf(said[command], reply, 'EENVELOPE', command);
    };
  }

  #onData(content: string): Step {
    return (reply) => {
      const asksForIt = reply.code >= 200 && reply.code < 400;
      if (this.#refusal) this.#notForAnybody(this.#refusal, asksForIt);
      else if (asksForIt) this.#hand(content);
      else this.#refused(faultOf('The mail server took no content', reply, 'EENVELOPE', 'DATA'));
    };
  }

  /** A server that asks for the content of a mail to nobody gets none, and its reply to that tells nothing more. */
  #notForAnybody(refusal: SmtpFault, asksForIt: boolean): void {
    if (!asksForIt) {
      this.#refused(refusal);
    } else if (refusal.command === 'RCPT TO') {
      this.#steps = [
        () => {
          this.#refused(refusal);
        },
      ];
      this.socket.write('.\r\n');
    } else {
      this.unfit(refusal);
    }
  }

  #hand(content: string): void {
    this.#contentBegan = true;
    this.#steps = [
      (reply) => {
        if (!isFine(reply.code)) this.#refused(faultOf('The mail server refused the content', reply, 'EMESSAGE', 'DATA'));
        else this.#over({ ok: true, reply: utf8(reply.text) });
      },
    ];
    this.socket.write(contentWords(content), 'latin1');
  }

  #refused(error: SmtpFault): void {
    this.#over({ ok: false, error, contentBegan: this.#contentBegan });
  }

  #over(posted: Posted): void {
    const done = this.#done;
    this.#done = null;
    this.#contentBegan = false;
    done?.(posted);
  }
}

const isFine = (code: number): boolean => code >= 200 && code < 300;
const said: Readonly<Record<string, string>> = {
  'MAIL FROM': 'The mail server refused the sender',
  'RCPT TO': 'The mail server refused the recipient',
};
const utf8 = (text: string): string => (/^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'latin1').toString());
const faultOf = (what: string | undefined, { code: responseCode, text }: Reply, code: string, command: string): SmtpFault => ({
  message: `${what ?? 'The mail server refused it'}: ${utf8(text)}`,
  ...{ code, responseCode, command },
});
