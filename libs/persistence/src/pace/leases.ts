import { randomUUID } from 'node:crypto';
import type { Clock } from '@leasewire/messaging';
import type { Collection } from 'mongodb';
import { reaching } from '../database/availability.js';
import { refusedByIndex, type Database } from '../database/database.js';
import { leasesDef } from '../own-collections.js';
import type { Tx } from '../work/tx.js';

interface LeaseRow {
  readonly _id: string;
  readonly holder: string;
  readonly token: number;
  readonly until: Date;
}

/** One replica at a time may do something. Times are the database server's, so replicas with skewed clocks agree. */
export class Leases {
  readonly #rows: Collection<LeaseRow>;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.#rows = db.db.collection<LeaseRow>(leasesDef.name);
  }

  /** The lease, or null while somebody else has it. It ends by itself after `ttlMs` unless it is renewed. */
  async acquire(name: string, ttlMs: number): Promise<Lease | null> {
    const holder = randomUUID();
    const asked = this.clock.monotonicMs();
    const row = await reaching(() => this.#take(name, holder, ttlMs));
    return row && new Lease(this.#rows, this.clock, { name, holder, token: row.token, ttlMs, until: asked + ttlMs }, this.db);
  }

  /** Who has it now: for commands that must not run beside a running service. */
  async isHeld(name: string): Promise<boolean> {
    return (await reaching(() => this.#rows.findOne({ _id: name, $expr: { $gt: ['$until', '$$NOW'] } }))) !== null;
  }

  async #take(name: string, holder: string, ttlMs: number): Promise<LeaseRow | null> {
    const isFree = { $lte: [{ $ifNull: ['$until', new Date(0)] }, '$$NOW'] };
    const ifFree = (next: unknown, field: string): object => ({ $cond: [isFree, next, `$${field}`] });
    const change = {
      holder: ifFree(holder, 'holder'),
      token: ifFree({ $add: [{ $ifNull: ['$token', 0] }, 1] }, 'token'),
      until: ifFree({ $add: ['$$NOW', ttlMs] }, 'until'),
    };
    try {
      const row = await this.#rows.findOneAndUpdate({ _id: name }, [{ $set: change }], { upsert: true, returnDocument: 'after' });
      return row?.holder === holder ? row : null;
    } catch (error) {
      if (refusedByIndex(error) !== undefined) return null; // somebody else was first to make it
      throw error;
    }
  }
}

interface Hold {
  readonly name: string;
  readonly holder: string;
  readonly token: number;
  readonly ttlMs: number;
  until: number;
}

export class Lease {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly rows: Collection<LeaseRow>,
    private readonly clock: Clock,
    private readonly hold: Hold,
    private readonly db: Database,
  ) {}

  get name(): string {
    return this.hold.name;
  }

  /** Grows with every holder: whoever keeps the highest it has seen can refuse an earlier holder. */
  get token(): number {
    return this.hold.token;
  }

  /**
   * May we still act? By our own steady clock since before we asked, less a margin: a process that was suspended finds out
   * before its next act, without asking.
   */
  isHeld(): boolean {
    return this.clock.monotonicMs() < this.hold.until - this.hold.ttlMs / 10;
  }

  /** False when it was lost; then it stays lost. */
  async renew(): Promise<boolean> {
    const { name, holder, ttlMs } = this.hold;
    const asked = this.clock.monotonicMs();
    const { matchedCount } = await reaching(() =>
      this.rows.updateOne({ _id: name, holder }, [{ $set: { until: { $add: ['$$NOW', ttlMs] } } }]),
    );
    this.hold.until = matchedCount === 1 ? asked + ttlMs : -Infinity;
    return matchedCount === 1;
  }

  /** Renews it in the background until it is released or lost. */
  keep(): this {
    this.#timer ??= setInterval(() => {
      this.renew().catch((error: unknown) => {
        this.db.log.warn({ err: error, lease: this.name }, 'a lease could not be renewed; its work stops when it ends');
      });
    }, this.hold.ttlMs / 3).unref();
    return this;
  }

  /** Ties a transaction to the lease: it cannot commit when somebody else took the lease before or meanwhile. */
  async fence(tx: Tx): Promise<void> {
    const { name, holder } = this.hold;
    const { matchedCount } = await tx.do((session) =>
      this.rows.updateOne({ _id: name, holder }, { $set: { fencedAt: tx.now } }, { session }),
    );
    if (matchedCount !== 1) throw new LeaseLost(name);
  }

  /** Lets the next one in at once. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    this.hold.until = -Infinity;
    const { name, holder } = this.hold;
    await reaching(() => this.rows.updateOne({ _id: name, holder }, [{ $set: { until: '$$NOW' } }]));
  }
}

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor(lease: string) {
    super(`The lease “${lease}” was taken by another replica; it goes on where this one stopped`);
  }
}
