import type { Clock } from '@leasewire/messaging';
import type { ClientSession, Document } from 'mongodb';
import { valueAt } from '../collections/places.js';
import type { Database } from '../database/database.js';
import { sleep } from '../pace/backoff.js';

/** How long a conflict must last before we look for what causes it, and how often we look. */
const patienceMs = 200;
/** A transaction of a living process that did nothing for so long is stuck: suspended, or cut off from the network. */
const stuckMs = 10_000;
/** transactionLifetimeLimitSeconds of mongod, where nobody changed it. */
const serverEndsItMs = 60_000;

/**
 * A process that dies in the middle of a transaction leaves it open: mongod keeps what it wrote locked for a minute, and
 * whoever takes over its work would conflict with the dead all that time. So a unit of work that keeps conflicting ends
 * the transactions of those of our processes that are not connected any more.
 */
export class AbandonedTransactions {
  #lookedAt = -Infinity;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Ends a transaction that this process gave up while the database was away, as soon as it is back. */
  async end(session: ClientSession): Promise<void> {
    const lsid: unknown = session.id?.id;
    const until = this.clock.monotonicMs() + serverEndsItMs;
    while (this.clock.monotonicMs() < until)
      try {
        await kill(this.db, [lsid]);
        return;
      } catch (error) {
        this.db.log.debug({ err: error }, 'a transaction that was given up cannot be ended yet');
        await sleep(patienceMs);
      }
  }

  /** Called by whoever has met conflicts for this long. */
  async endIfInTheWay(conflictingForMs: number): Promise<void> {
    const now = this.clock.monotonicMs();
    if (conflictingForMs < patienceMs || now - this.#lookedAt < patienceMs) return;
    this.#lookedAt = now;
    try {
      await endTransactionsOfTheDead(this.db);
    } catch (error) {
      this.db.log.warn(
        { err: error },
        'transactions of processes that died cannot be ended; they end by themselves within a minute',
      );
    }
  }
}

/** Looks at the transactions of this service's processes, and ends those whose process is not connected any more. */
export async function endTransactionsOfTheDead(db: Database): Promise<void> {
  const ours = { appName: { $regex: `^leasewire:${db.db.databaseName.replaceAll(/[^\w-]/g, '.')}:` } };
  const look = [{ $currentOp: { idleConnections: true, idleSessions: true } }, { $match: ours }];
  const seen = await db.client
    .db('admin')
    .aggregate(look, { readConcern: { level: 'local' } })
    .toArray();
  const connected = new Set(seen.filter(isAlive).map(ownerOf));
  const lost = seen.filter((op) => {
    const idle = op['type'] === 'idleSession' ? idleMs(op) : undefined;
    return idle !== undefined && (!connected.has(ownerOf(op)) || idle > stuckMs);
  });
  if (lost.length === 0) return;
  await kill(
    db,
    lost.map((op) => valueAt(op['lsid'], 'id')),
  );
  const of = [...new Set(lost.map(ownerOf))];
  db.log.warn({ count: lost.length, of }, 'ended transactions that processes left open when they died');
}

async function kill(db: Database, lsids: readonly unknown[]): Promise<void> {
  await db.client.db('admin').command({ killSessions: lsids.map((id) => ({ id })) });
}

/**
 * The driver of a process that lives always asks how the server is, and has connections that rest. What the server still does for one that
 * died is neither: an operation of it may wait for the very transaction that it left open.
 */
const isAlive = (op: Document): boolean =>
  op['type'] === 'op' &&
  (op['active'] === false || ['hello', 'isMaster', 'ismaster'].some((name) => valueAt(op['command'], name) !== undefined));

const ownerOf = (op: Document): string => String(op['appName']);

function idleMs(op: Document): number | undefined {
  const micros = valueAt(op['transaction'], 'timeInactiveMicros');
  return micros === undefined ? undefined : Number(micros) / 1000;
}
