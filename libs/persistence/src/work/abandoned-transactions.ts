import type { Clock } from '@leasewire/messaging';
import type { Document } from 'mongodb';
import type { Database } from '../database/database.js';
import { valueAt } from '../collections/places.js';

/** How long a conflict must last before we look for what causes it, and how often we look. */
const patienceMs = 500;
/** A transaction of a living process that did nothing for so long is stuck: suspended, or cut off from the network. */
const stuckMs = 10_000;

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

  async endIfInTheWay(conflictingForMs: number): Promise<void> {
    const now = this.clock.monotonicMs();
    if (conflictingForMs < patienceMs || now - this.#lookedAt < patienceMs) return;
    this.#lookedAt = now;
    try {
      await this.#end();
    } catch (error) {
      this.db.log.warn(
        { err: error },
        'transactions of processes that died cannot be ended; they end by themselves within a minute',
      );
    }
  }

  async #end(): Promise<void> {
    const { client, log } = this.db;
    const ours = { appName: { $regex: `^leasewire:${this.db.db.databaseName.replaceAll(/[^\\w-]/g, '.')}:` } };
    const seen = await client
      .db('admin')
      .aggregate([{ $currentOp: { idleConnections: true, idleSessions: true } }, { $match: ours }])
      .toArray();
    const connected = new Set(seen.filter((op) => op['type'] === 'op').map(ownerOf));
    const lost = seen.filter(
      (op) =>
        op['type'] === 'idleSession' && idleMs(op) !== undefined && (!connected.has(ownerOf(op)) || Number(idleMs(op)) > stuckMs),
    );
    if (lost.length === 0) return;
    await client.db('admin').command({ killSessions: lost.map((op) => ({ id: sessionOf(op) })) });
    log.warn(
      { count: lost.length, of: [...new Set(lost.map(ownerOf))] },
      'ended transactions that processes left open when they died',
    );
  }
}

const ownerOf = (op: Document): string => String(op['appName']);
const sessionOf = (op: Document): unknown => valueAt(op['lsid'], 'id');

function idleMs(op: Document): number | undefined {
  const micros = valueAt(op['transaction'], 'timeInactiveMicros');
  return micros === undefined ? undefined : Number(micros) / 1000;
}
