import { messageOf } from './is-error.js';

/** Throws with a reason a person understands when the dependency does not answer. */
export type HealthCheck = () => void | Promise<void>;

export interface HealthReport {
  readonly ready: boolean;
  readonly state: 'starting' | 'ready' | 'stopping';
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly reason?: string }>>;
}

const patienceMs = 2_000;

/**
 * Is this process able to work? It asks the connections it has and never opens one. Readiness is off until everything was
 * started, and off again from the first moment of a shutdown.
 */
export class Health {
  #state: HealthReport['state'] = 'starting';
  #doing = 'reading its configuration';
  readonly #checks = new Map<string, HealthCheck>();

  add(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
  }

  /** What is being waited for, shown while it starts. */
  starting(doing: string): void {
    this.#doing = doing;
  }

  ready(): void {
    this.#state = 'ready';
  }

  stopping(): void {
    this.#state = 'stopping';
  }

  async report(): Promise<HealthReport> {
    const names = [...this.#checks];
    const results = await Promise.all(names.map(async ([name, check]) => [name, await outcomeOf(check)] as const));
    const self = this.#self();
    const checks = Object.fromEntries([...(self ? [['service', self] as const] : []), ...results]);
    return { ready: Object.values(checks).every(({ ok }) => ok), state: this.#state, checks };
  }

  #self(): { ok: boolean; reason: string } | undefined {
    if (this.#state === 'ready') return undefined;
    return { ok: false, reason: this.#state === 'starting' ? `is starting: ${this.#doing}` : 'is shutting down' };
  }
}

async function outcomeOf(check: HealthCheck): Promise<{ ok: boolean; reason?: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`did not answer within ${patienceMs} ms`)), patienceMs);
  });
  try {
    await Promise.race([check(), late]);
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}
