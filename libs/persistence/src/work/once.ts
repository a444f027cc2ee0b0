import { createHash } from 'node:crypto';
import { DomainError, type Fact } from '@leasewire/contracts';
import type { Call, Cause } from '@leasewire/messaging';
import { BSON, type ClientSession, type Collection } from 'mongodb';
import { refusedByIndex, type Database } from '../database/database.js';
import type { Row } from '../collections/documents.js';
import { idempotencyDef, inboxDef } from '../own-collections.js';
import { valueAt } from '../collections/places.js';
import type { SecretBox } from '../secrets/secret-box.js';
import type { Tx } from './tx.js';

/** What an earlier run of the same cause left. */
export interface Earlier {
  readonly result: unknown;
}

/** Makes a cause take effect once. Its row is written in the transaction of the effect, so there are both or neither. */
export interface Once {
  /** First in the transaction: was it done already? */
  begin(tx: Tx): Promise<Earlier | undefined>;
  /** Last in the transaction. */
  end(tx: Tx, result: unknown): Promise<void>;
  /** Outside of it, when nobody knows whether it was committed. */
  look(): Promise<Earlier | undefined>;
}

export function onceFor(cause: Cause, db: Database, box: SecretBox | undefined): Once | undefined {
  if (cause.kind === 'fact') return new InboxOnce(cause, db);
  if (cause.kind === 'call' && cause.idempotencyKey !== undefined)
    return new IdempotentOnce(cause, cause.idempotencyKey, db, box);
  return undefined;
}

type HandledFact = Pick<Fact, 'handler' | 'id'>;

/** What was handled. */
export class Inbox {
  readonly #rows: Collection<Row>;

  constructor(db: Database) {
    this.#rows = db.db.collection<Row>(inboxDef.name);
  }

  /** Refused, and with it the transaction, when one of them was handled before. */
  async note(facts: readonly HandledFact[], at: Date, session: ClientSession): Promise<void> {
    await this.#rows.insertMany(
      facts.map((fact) => ({ _id: nameOf(fact), at })),
      { session },
    );
  }

  async knows(fact: HandledFact): Promise<boolean> {
    return (await this.#rows.findOne({ _id: nameOf(fact) })) !== null;
  }
}
const nameOf = ({ handler, id }: HandledFact): string => `${handler}:${id}`;

/** An event is handled once by each of its handlers. */
class InboxOnce implements Once {
  readonly #inbox: Inbox;

  constructor(
    private readonly fact: Fact,
    db: Database,
  ) {
    this.#inbox = new Inbox(db);
  }

  async begin(tx: Tx): Promise<Earlier | undefined> {
    try {
      await tx.do((session) => this.#inbox.note([this.fact], tx.now, session));
      return undefined;
    } catch (error) {
      if (refusedByIndex(error) === undefined) throw error;
      return { result: undefined };
    }
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  async look(): Promise<Earlier | undefined> {
    return (await this.#inbox.knows(this.fact)) ? { result: undefined } : undefined;
  }
}

/** A call with an idempotency key takes effect once, and whoever repeats it gets the same result. */
class IdempotentOnce implements Once {
  readonly #id: string;
  readonly #store: Collection<Row>;

  constructor(
    private readonly call: Call,
    key: string,
    db: Database,
    private readonly box: SecretBox | undefined,
  ) {
    const { orgId, ref } = call.actor;
    this.#id = createHash('sha256')
      .update(JSON.stringify([orgId, ref, call.method, key]))
      .digest('base64url');
    this.#store = db.db.collection<Row>(idempotencyDef.name);
  }

  async begin(tx: Tx): Promise<Earlier | undefined> {
    // Read in the snapshot of the work: an equal call that commits meanwhile conflicts with `end`, and the retry finds it here.
    return this.#earlier(await tx.do((session) => this.#store.findOne({ _id: this.#id }, { session })));
  }

  async end(tx: Tx, result: unknown): Promise<void> {
    const { orgId } = this.call.actor;
    const row = {
      _id: this.#id,
      ...(orgId && { orgId }),
      inputHash: this.call.inputHash,
      result: this.#kept(result),
      at: tx.now,
    };
    await tx.do((session) => this.#store.insertOne(row, { session }));
  }

  async look(): Promise<Earlier | undefined> {
    return this.#earlier(await this.#store.findOne({ _id: this.#id }));
  }

  #earlier(row: Row | null): Earlier | undefined {
    if (row === null) return undefined;
    if (row['inputHash'] !== this.call.inputHash)
      throw new DomainError(
        'idempotency.key-reused',
        'This Idempotency-Key was used before for the same call with other input; give every new call a key of its own.',
      );
    return { result: this.#opened(String(row['result'])) };
  }

  /** Sealed, because some results hold a secret that is shown once: a key, a link. */
  #kept(result: unknown): string {
    // BSON keeps dates and leaves out what is undefined, as a stored document would
    const text = Buffer.from(BSON.serialize({ result }, { ignoreUndefined: true })).toString('base64');
    return this.box ? this.box.seal(text, this.#place) : text;
  }

  #opened(kept: string): unknown {
    const text = this.box ? this.box.open(kept, this.#place) : kept;
    return valueAt(BSON.deserialize(Buffer.from(text, 'base64')), 'result');
  }

  get #place() {
    return { orgId: this.call.actor.orgId ?? 'system', collection: idempotencyDef.name, field: 'result' };
  }
}
