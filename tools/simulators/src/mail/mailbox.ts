import { isLike } from './faults.js';
import type { Mail } from './mail.js';

export interface MailQuery {
  /** An envelope recipient; `*` stands for anything, here as in all others. */
  readonly to?: string | undefined;
  /** The address in From. */
  readonly sender?: string | undefined;
  /** The envelope sender. */
  readonly returnPath?: string | undefined;
  readonly subject?: string | undefined;
  readonly messageId?: string | undefined;
  /** Only what came after the mail with this id. */
  readonly after?: string | undefined;
}

/** How often each Message-ID and each recipient was accepted. */
export interface Tally {
  accepted: number;
  answered: number;
  readonly byMessageId: Map<string, number>;
  readonly byRecipient: Map<string, number>;
}

export interface Keeping {
  readonly mails: number;
  readonly bytes: number;
}

interface Waiter {
  readonly query: MailQuery;
  readonly look: () => void;
}

/** Keeps the newest mails, as far as there is room; what is counted is counted for all. */
export class Mailbox {
  #mails: Mail[] = [];
  #bytes = 0;
  #lastNumber = 0;
  #dropped = 0;
  #tally = emptyTally();
  readonly #waiters = new Set<Waiter>();

  constructor(private readonly room: Keeping) {}

  add(wish: Omit<Mail, 'id' | 'answered'>): Mail {
    this.#lastNumber += 1;
    const mail = { ...wish, id: `mail-${String(this.#lastNumber).padStart(7, '0')}`, answered: false };
    this.#mails.push(mail);
    this.#bytes += mail.raw.length;
    count(this.#tally, mail);
    this.#makeRoom();
    for (const { query, look } of this.#waiters) if (matches(mail, query)) look();
    return mail;
  }

  /** The sender has heard of it. */
  answered(mail: Mail): void {
    mail.answered = true;
    this.#tally.answered += 1;
  }

  get(id: string): Mail | undefined {
    return this.#mails.find((mail) => mail.id === id);
  }

  /** The oldest first. */
  list(query: MailQuery = {}): Mail[] {
    return this.#mails.filter((mail) => matches(mail, query));
  }

  /** As soon as there are so many; what there is when the time is up. */
  async wait(query: MailQuery, { count: wanted = 1, timeoutMs = 30_000 } = {}): Promise<Mail[]> {
    const found = this.list(query);
    if (found.length >= wanted) return found;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(this.list(query));
      };
      let missing = wanted - found.length;
      const waiter = {
        query,
        look: () => {
          missing -= 1;
          if (missing === 0) end();
        },
      };
      const timer = setTimeout(end, timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /** Of all that were accepted since the last clearing, also those there is no room for; with a query, of those that are kept. */
  tally(query?: MailQuery): Tally & { readonly dropped: number } {
    if (query === undefined) return { ...this.#tally, dropped: this.#dropped };
    const tally = emptyTally();
    for (const mail of this.list(query)) {
      count(tally, mail);
      if (mail.answered) tally.answered += 1;
    }
    return { ...tally, dropped: this.#dropped };
  }

  /** Addresses in From, with how many mails they sent. */
  senders(): Map<string, number> {
    const senders = new Map<string, number>();
    for (const { head } of this.#mails) senders.set(head.sender, (senders.get(head.sender) ?? 0) + 1);
    return senders;
  }

  clear(query?: MailQuery): number {
    const before = this.#mails.length;
    this.#mails = query === undefined ? [] : this.#mails.filter((mail) => !matches(mail, query));
    this.#bytes = this.#mails.reduce((sum, { raw }) => sum + raw.length, 0);
    if (query === undefined) {
      this.#tally = emptyTally();
      this.#dropped = 0;
    }
    return before - this.#mails.length;
  }

  #makeRoom(): void {
    let gone = 0;
    while (this.#mails.length - gone > this.room.mails || this.#bytes > this.room.bytes) {
      const oldest = this.#mails[gone];
      if (oldest === undefined) break;
      this.#bytes -= oldest.raw.length;
      gone += 1;
    }
    if (gone === 0) return;
    this.#mails.splice(0, gone);
    this.#dropped += gone;
  }
}

function emptyTally(): Tally {
  return { accepted: 0, answered: 0, byMessageId: new Map(), byRecipient: new Map() };
}

function count(tally: Tally, { head, envelope }: Mail): void {
  tally.accepted += 1;
  const id = head.messageId ?? '';
  tally.byMessageId.set(id, (tally.byMessageId.get(id) ?? 0) + 1);
  for (const to of envelope.to) tally.byRecipient.set(to.toLowerCase(), (tally.byRecipient.get(to.toLowerCase()) ?? 0) + 1);
}

function matches({ id, envelope, head }: Mail, { to, sender, returnPath, subject, messageId, after }: MailQuery): boolean {
  if (after !== undefined && id <= after) return false;
  if (to !== undefined && !envelope.to.some((one) => isLike(to, one))) return false;
  if (sender !== undefined && !isLike(sender, head.sender)) return false;
  if (returnPath !== undefined && !isLike(returnPath, envelope.from)) return false;
  if (subject !== undefined && !isLike(subject, head.subject)) return false;
  return messageId === undefined || messageId === head.messageId;
}
