import type { AuthenticationType, Options } from 'nodemailer/lib/smtp-connection';
import type { Letter, NotPosted, Posted } from './smtp-dialogue.js';
import { SmtpLine } from './smtp-line.js';

interface Entry {
  readonly letter: Letter;
  readonly signal: AbortSignal;
  readonly resolve: (posted: Posted) => void;
  line: SmtpLine | null;
  isOver: boolean;
}

/**
 * Some connections to a mail server that are kept open, each with one mail at a time. The library's own pool makes streams, timers
 * and listeners for each mail; this one makes none, and knows of a mail that failed whether the server had begun to read it.
 */
export class SmtpPool {
  readonly #lines = new Set<SmtpLine>();
  readonly #free: SmtpLine[] = [];
  readonly #waiting: Entry[] = [];
  /** One listener for each batch, whose mails share a signal. */
  readonly #watched = new Map<AbortSignal, { readonly entries: Set<Entry>; readonly stop: () => void }>();
  #isClosed = false;

  constructor(
    private readonly settings: Options,
    private readonly auth: AuthenticationType | undefined,
    private readonly most: number,
  ) {}

  /** Never rejects. When the signal says so, the mail is given up and its connection ended. */
  post(letter: Letter, signal: AbortSignal): Promise<Posted> {
    return new Promise((resolve) => {
      if (this.#isClosed || signal.aborted) {
        resolve(notPosted(this.#isClosed ? closed : tooLate, false));
        return;
      }
      const entry: Entry = { letter, signal, resolve, line: null, isOver: false };
      this.#watch(entry);
      this.#waiting.push(entry);
      this.#next();
    });
  }

  /** What is being handed over is finished; nothing else is begun. */
  close(): void {
    this.#isClosed = true;
    for (const entry of this.#waiting.splice(0)) this.#settle(entry, notPosted(closed, false));
    for (const line of this.#free.splice(0)) line.hangUp();
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const line = this.#free.pop() ?? this.#another();
      const entry = line && this.#waiting.shift();
      if (!entry) return;
      this.#post(entry, line);
    }
  }

  #another(): SmtpLine | null {
    if (this.#lines.size >= this.most) return null;
    const line = new SmtpLine(this.settings, this.auth, () => {
      this.#gone(line);
    });
    this.#lines.add(line);
    return line;
  }

  #post(entry: Entry, line: SmtpLine): void {
    const { isUsed } = line;
    entry.line = line;
    line.post(entry.letter, (posted) => {
      if (entry.isOver) return; // it was given up, and the line with it
      entry.line = null;
      if (posted.ok) {
        this.#settle(entry, posted);
        // the line is still within the reply
        process.nextTick(() => {
          this.#release(line);
        });
      } else if (isUsed && !posted.contentBegan && isLost(posted)) {
        // the server had hung up since the mail before: on another line it is as if this one had never been
        this.#waiting.unshift(entry);
        line.hangUp();
        this.#gone(line);
      } else {
        this.#settle(entry, posted);
        this.#afterFailure(line, posted);
      }
    });
  }

  /** The server refused the mail, then the line is fit for others; else it is not. */
  #afterFailure(line: SmtpLine, { error: { code, responseCode } }: NotPosted): void {
    if (line.isGone || responseCode === 421 || (code !== 'EENVELOPE' && code !== 'EMESSAGE')) {
      line.hangUp();
      this.#gone(line);
      return;
    }
    line.reset((isFit) => {
      if (!isFit) line.hangUp();
      this.#release(line);
    });
  }

  #release(line: SmtpLine): void {
    if (this.#isClosed) line.hangUp();
    if (line.isGone) this.#gone(line);
    else this.#free.push(line);
    this.#next();
  }

  #gone(line: SmtpLine): void {
    if (!this.#lines.delete(line)) return;
    const at = this.#free.indexOf(line);
    if (at >= 0) this.#free.splice(at, 1);
    // whoever hears of it first is still at it
    process.nextTick(() => {
      this.#next();
    });
  }

  #watch(entry: Entry): void {
    const { signal } = entry;
    const watched = this.#watched.get(signal);
    if (watched) {
      watched.entries.add(entry);
      return;
    }
    const entries = new Set([entry]);
    const giveUp = (): void => {
      for (const one of entries) this.#giveUp(one);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    const stop = (): void => {
      signal.removeEventListener('abort', giveUp);
    };
    this.#watched.set(signal, { entries, stop });
  }

  #giveUp(entry: Entry): void {
    const { line } = entry;
    const at = this.#waiting.indexOf(entry);
    if (at >= 0) this.#waiting.splice(at, 1);
    this.#settle(entry, notPosted(tooLate, line?.contentBegan ?? false));
    if (!line) return;
    line.hangUp();
    this.#gone(line);
  }

  #settle(entry: Entry, posted: Posted): void {
    if (entry.isOver) return;
    entry.isOver = true;
    const watched = this.#watched.get(entry.signal);
    watched?.entries.delete(entry);
    if (watched?.entries.size === 0) {
      watched.stop();
      this.#watched.delete(entry.signal);
    }
    entry.resolve(posted);
  }
}

const closed = 'The connections to the mail server were closed.';
const tooLate = 'The mail server did not take it in time.';
const lost = new Set(['ECONNECTION', 'ESOCKET', 'ETIMEDOUT']);
const isLost = ({ error: { code, responseCode } }: NotPosted): boolean => responseCode === 421 || lost.has(code ?? '');
const notPosted = (message: string, contentBegan: boolean): NotPosted => ({ ok: false, error: new Error(message), contentBegan });
