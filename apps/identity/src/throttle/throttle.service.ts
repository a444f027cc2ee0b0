import type { Clock } from '@leasewire/messaging';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ThrottleRepository, type ThrottleKey } from './throttle.repository.js';
import type { ThrottleName } from './throttle.rules.js';

/** Attempts that were counted; to be settled when it turns out how they went. */
export interface Admission {
  readonly keys: readonly ThrottleKey[];
}

/**
 * Its record ends with a success. Those of an address do not: else a guesser would sign in to their own account in between.
 * Where theirs is an account of the same e-mail address, see sign-in-throttle.ts.
 */
const endsWithSuccess = new Set<ThrottleName>(['pair', 'account', 'device', 'second-factor', 'reauthentication']);

@Injectable()
export class ThrottleService {
  constructor(
    private readonly rows: ThrottleRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Counts one attempt under each key. When one of them says wait, nothing is counted anywhere. */
  async admit(keys: readonly ThrottleKey[]): Promise<Admission | { retryAfterMs: number }> {
    const now = this.clock.now();
    const attempts = await Promise.all(keys.map(async (key) => ({ key, attempt: await this.rows.attempt(key, now) })));
    const waits = attempts.flatMap(({ attempt }) => (attempt.granted ? [] : [attempt.retryAfterMs]));
    if (waits.length === 0) return { keys };
    await this.rows.settle({ takeBack: attempts.filter(({ attempt }) => attempt.granted).map(({ key }) => key) }, now);
    return { retryAfterMs: Math.max(...waits) };
  }

  async succeeded({ keys }: Admission): Promise<void> {
    const clear = keys.filter((key) => endsWithSuccess.has(key.name));
    const takeBack = keys.filter((key) => !endsWithSuccess.has(key.name));
    await this.rows.settle({ clear, takeBack }, this.clock.now());
  }

  /** Neither a success nor a failure: the password was right and something else is still missing. */
  async undecided({ keys }: Admission): Promise<void> {
    await this.rows.settle({ takeBack: keys }, this.clock.now());
  }

  async clear(keys: readonly ThrottleKey[]): Promise<void> {
    await this.rows.settle({ clear: keys }, this.clock.now());
  }
}
