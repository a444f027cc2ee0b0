import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, repositoryRoot, temporaryFolder } from '@leasewire/testing';

/** The calendar of every process of a platform, and of the test beside it. */
export class MovedTime {
  #aheadMs = 0;

  private constructor(private readonly file: string) {}

  static async begin(): Promise<MovedTime> {
    const time = new MovedTime(join(temporaryFolder('moved-time'), 'ahead'));
    await writeFile(time.file, '0');
    return time;
  }

  /** For the processes that go by it. */
  get env(): Record<string, string> {
    return {
      NODE_OPTIONS: `--require ${join(repositoryRoot(), 'apps/e2e/src/sync/preloaded-calendar.cjs')}`,
      E2E_MOVED_TIME: this.file,
    };
  }

  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  /** Resolves when these processes have noticed. */
  async pass(ms: number, pids: readonly number[]): Promise<void> {
    this.#aheadMs += ms;
    await writeFile(this.file, String(this.#aheadMs));
    await eventually(async () => {
      for (const pid of pids) if ((await readFile(`${this.file}.${pid}`, 'utf8')) !== String(this.#aheadMs)) return false;
      return true;
    });
  }
}
