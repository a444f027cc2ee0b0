import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ChainHead, type OrgId } from '@leasewire/contracts';
import type { Log } from '@leasewire/messaging';

/** Heads of one organization are written at most this often; the newest says all that those before it said. */
const pauseMs = 1000;
const pauseAfterFailureMs = 5000;

/**
 * A log of signed heads outside of the database, one JSON line each, synced to the disk. Whoever rewrites the chain or
 * cuts its end in the database does not rewrite this. Replicas may share a file or have one each.
 */
export class HeadsFile {
  readonly #waiting = new Map<OrgId, ChainHead>();
  #file: FileHandle | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    /** Without a path nothing is written or read. */
    readonly path: string | undefined,
    private readonly log: Log,
  ) {}

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
      await this.#file.appendFile(`\n${heads.map((head) => JSON.stringify(head)).join('\n')}\n`);
      await this.#file.datasync();
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

/** A command may look before the service ever ran. */
function unlessMissing(error: unknown): undefined {
  if (Reflect.get(Object(error), 'code') === 'ENOENT') return;
  throw error;
}

function headIn(line: string): ChainHead | undefined {
  try {
    return ChainHead.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
