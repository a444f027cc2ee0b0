import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { ChainHead, type OrgId } from '@leasewire/contracts';
import type { Log } from '@leasewire/messaging';

/** Heads of one organization are written at most this often; the newest says all that those before it said. */
const pauseMs = 1000;
const pauseAfterFailureMs = 5000;
/** A busy organization writes tens of megabytes a day. */
const thinnedAtBytes = 64 * 1024 * 1024;

/**
 * A log of signed heads outside of the database, one JSON line each, synced to the disk. Whoever rewrites the chain or
 * cuts its end in the database does not rewrite this. Replicas may share a file or have one each. A large file is thinned out:
 * the last head of an organization says all that those before it said, and one of each month is kept beside it.
 */
export class HeadsFile {
  readonly #waiting = new Map<OrgId, ChainHead>();
  #file: FileHandle | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;
  #thinnedAtBytes: number;

  constructor(
    /** Without a path nothing is written or read. */
    readonly path: string | undefined,
    private readonly log: Log,
    thinnedFrom = thinnedAtBytes,
  ) {
    this.#thinnedAtBytes = thinnedFrom;
  }

  /** At boot, so that a path that cannot be written is known before anything is recorded. */
  async open(): Promise<void> {
    if (this.path === undefined) {
      this.log.warn(
        {},
        'signed heads are kept in the database alone: whoever cuts the end of a chain there cuts them too. Set LEASEWIRE_AUDIT_HEADS_FILE',
      );
      return;
    }
    try {
      await mkdir(dirname(this.path), { recursive: true });
      this.#file = await open(this.path, 'a', 0o600);
      this.#later(0);
    } catch (cause) {
      throw new Error(
        `LEASEWIRE_AUDIT_HEADS_FILE names ${this.path}, which cannot be written. Give a path on a disk of this service.`,
        { cause },
      );
    }
  }

  note(head: ChainHead): void {
    if (this.path === undefined) return;
    this.#waiting.set(head.orgId, head);
    if (this.#file) this.#later(0);
  }

  /** Everything noted is on the disk, or a warning in the log. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
    await this.#file?.close();
    this.#file = undefined;
  }

  /** What was written of one organization, oldest first. A line that nobody can read is passed over. */
  async *headsOf(orgId: OrgId): AsyncGenerator<ChainHead> {
    if (this.path === undefined) return;
    const file = await open(this.path, 'r').catch(unlessMissing);
    if (!file) return;
    for await (const line of file.readLines()) {
      if (!line.includes(orgId)) continue;
      const head = headIn(line);
      if (head?.orgId === orgId) yield head;
    }
  }

  async #isInPlace(): Promise<boolean> {
    if (this.path === undefined || !this.#file) return true;
    const [own, there] = await Promise.all([this.#file.stat(), stat(this.path).catch(unlessMissing)]);
    return own.ino === there?.ino && own.dev === there.dev;
  }

  async #reopen(): Promise<void> {
    if (this.path === undefined) return;
    const next = await open(this.path, 'a', 0o600);
    await this.#file?.close();
    this.#file = next;
  }

  /** What others append meanwhile is taken along, or they see after their write that the file is another one. */
  async #thin(): Promise<void> {
    if (this.path === undefined || !this.#file) return;
    const { size } = await this.#file.stat();
    if (size < this.#thinnedAtBytes) return;
    const old = await open(this.path, 'r');
    const beside = `${this.path}.${process.pid}.new`;
    try {
      const kept = await lastOfEachMonth(this.path, size);
      const thinned = await open(beside, 'w', 0o600);
      await append(thinned, `${kept.join('\n')}\n`);
      await thinned.close();
      await rename(beside, this.path);
      await this.#reopen();
      const { size: end } = await old.stat();
      const { buffer, bytesRead } = await old.read(Buffer.alloc(end - size), 0, end - size, size);
      if (bytesRead > 0) await append(this.#file, buffer.toString('utf8', 0, bytesRead));
      this.#thinnedAtBytes = Math.max(this.#thinnedAtBytes, 2 * (await this.#file.stat()).size);
      this.log.info({ path: this.path, before: size, kept: kept.length }, 'the file of signed heads was thinned out');
    } finally {
      await old.close();
      await rm(beside, { force: true });
    }
  }

  #later(inMs: number): void {
    if (this.#timer !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#writing = this.#write().then((ok) => {
        this.#timer = setTimeout(
          () => {
            this.#timer = undefined;
            if (this.#waiting.size > 0) this.#later(0);
          },
          ok ? pauseMs : pauseAfterFailureMs,
        ).unref();
      });
    }, inMs).unref();
  }

  async #write(): Promise<boolean> {
    const heads = [...this.#waiting.values()];
    if (heads.length === 0 || !this.#file) return true;
    this.#waiting.clear();
    try {
      // begins with a line break: a write that failed half-way may have left half a line
      const lines = `\n${heads.map((head) => JSON.stringify(head)).join('\n')}\n`;
      await append(this.#file, lines);
      // another replica has thinned it out, or it was moved away: what went into the old one goes into this one too
      while (!(await this.#isInPlace())) {
        await this.#reopen();
        await append(this.#file, lines);
      }
      await this.#thin();
      return true;
    } catch (error) {
      for (const head of heads) if (!this.#waiting.has(head.orgId)) this.#waiting.set(head.orgId, head);
      this.log.error(
        { err: error, path: this.path },
        'signed heads cannot be written; until they can, a cut chain may not show. Free the disk or fix the path',
      );
      return false;
    }
  }
}

const append = async (file: FileHandle, text: string): Promise<void> => {
  await file.appendFile(text);
  await file.datasync();
};

/** A command may look before the service ever ran. */
function unlessMissing(error: unknown): undefined {
  if (Reflect.get(Object(error), 'code') === 'ENOENT') return;
  throw error;
}

/** In the order in which they were written; a line that nobody can read is not kept. */
async function lastOfEachMonth(path: string, bytes: number): Promise<string[]> {
  const newest = new Map<string, { seq: number; line: string }>();
  const input = createReadStream(path, { end: bytes - 1 });
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const head = headIn(line);
    if (!head) continue;
    const key = `${head.orgId} ${head.at.slice(0, 7)}`;
    if ((newest.get(key)?.seq ?? -1) > head.seq) continue;
    newest.delete(key); // so that it comes last
    newest.set(key, { seq: head.seq, line });
  }
  return [...newest.values()].map(({ line }) => line);
}

function headIn(line: string): ChainHead | undefined {
  try {
    return ChainHead.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
