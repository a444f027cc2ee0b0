import { randomBytes } from 'node:crypto';
import { DomainError } from '@leasewire/contracts';
import type { Log } from '@leasewire/messaging';
import { MongoClient, MongoServerError, type Db, type Document, type MongoClientOptions } from 'mongodb';
import { isUnavailable, reaching } from './availability.js';
import './interrupted-writes.js';

export interface ConnectOptions {
  /** Reads are trusted; with this, each document is compared with its schema and a misfit is logged. For tests and development. */
  readonly checkReads?: boolean;
  /** How long boot waits for a database that is away. Without it: for ever, with a line in the log now and then. */
  readonly giveUpAfterMs?: number;
  readonly maxConnections?: number;
}

/** How long a request waits for a database that is away before it is told so. */
const serverSelectionMs = 1200;
const oldestMajor = 6;

/** The one connection of a process to the database of its service. */
export class Database {
  private constructor(
    readonly client: MongoClient,
    readonly db: Db,
    readonly log: Log,
    /** Names this process among all that are connected; the server shows it for each connection. */
    readonly instance: string,
    readonly checkReads: boolean,
  ) {}

  /**
   * Waits until the database is there. Refuses one that cannot keep our promises: older than MongoDB 6, or not a replica
   * set (no transactions). Afterwards the driver reconnects for ever by itself.
   */
  static async connect(uri: string, name: string, log: Log, options: ConnectOptions = {}): Promise<Database> {
    const instance = `leasewire:${name}:${randomBytes(6).toString('base64url')}`;
    const client = new MongoClient(uri, clientOptions(instance, options));
    try {
      await whenThere(client, log, options.giveUpAfterMs ?? Infinity);
    } catch (error) {
      await client.close();
      throw error;
    }
    return new Database(client, client.db(name), log, instance, options.checkReads ?? false);
  }

  /** Resolves when the primary answers; `unavailable` within two seconds when it does not. */
  async ping(): Promise<void> {
    await reaching(() => this.db.command({ ping: 1 }));
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

function clientOptions(appName: string, options: ConnectOptions): MongoClientOptions {
  return {
    appName,
    // What is acknowledged survives a power cut and a new primary; what is read cannot be rolled back.
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    retryWrites: true,
    retryReads: true,
    serverSelectionTimeoutMS: serverSelectionMs,
    connectTimeoutMS: 2000,
    // A server that hangs is noticed by its heartbeat, which then also ends the operations waiting for it.
    heartbeatFrequencyMS: 1000,
    minHeartbeatFrequencyMS: 100,
    maxPoolSize: options.maxConnections ?? 64,
    waitQueueTimeoutMS: 2000,
    // `undefined` is “not there”, not null. Filters that hold undefined are refused (documents.ts): they would match more.
    ignoreUndefined: true,
  };
}

async function whenThere(client: MongoClient, log: Log, giveUpAfterMs: number): Promise<void> {
  const started = performance.now();
  for (let attempt = 0; ; attempt++) {
    try {
      await client.connect();
      await refuseUnfit(client);
      return;
    } catch (error) {
      const waited = performance.now() - started;
      if (!isUnavailable(error) || waited > giveUpAfterMs) throw error;
      // every attempt takes 1.5 s itself; a line about every 15 s is enough
      if (attempt % 5 === 0)
        log.warn({ err: error, hosts: client.options.hosts.map(String) }, 'the database is not there yet; waiting for it');
      await new Promise((resolve) => setTimeout(resolve, Math.min(100 * 2 ** attempt, 2000)));
    }
  }
}

async function refuseUnfit(client: MongoClient): Promise<void> {
  const admin = client.db('admin');
  // one after the other, over the connection that there is: where all begin at once, another one may take its time
  const hello = await admin.command({ hello: 1 });
  const build = await admin.command({ buildInfo: 1 });
  assertFit(hello, String(build['version']));
}

/** What a server says of itself, and its version. */
export function assertFit(hello: Document, version: string): void {
  if (Number(version.split('.')[0]) < oldestMajor)
    throw new DomainError(
      'mongodb.too-old',
      `This is MongoDB ${version}; Leasewire needs ${oldestMajor} or newer. Upgrade the server.`,
    );
  if (hello['setName'] === undefined && hello['msg'] !== 'isdbgrid')
    throw new DomainError(
      'mongodb.no-replica-set',
      'This mongod is not a member of a replica set, so it has no transactions. Start it with --replSet and run rs.initiate(); one node is enough.',
    );
}

/** What the server says when a unique index refuses a document: the name of that index, when it was that. */
export function refusedByIndex(error: unknown): string | undefined {
  if (!(error instanceof MongoServerError) || error.code !== 11000) return undefined;
  return /index: (\S+)/.exec(error.message)?.[1] ?? '';
}
