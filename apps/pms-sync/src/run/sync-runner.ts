import type { OrgId } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { Leases, NightWatch, Wakeable, type Lease } from '@leasewire/persistence';
import { Background, CLOCK, CONFIG, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { PmsSyncConfig } from '../config.js';
import { SyncRunRepository, type Lane, type SyncRunDoc } from './sync-run.repository.js';

export type Work = (run: SyncRunDoc, signal: AbortSignal) => Promise<void>;

const pollMs = 400;

/**
 * Works at queued runs, organizations in turn. Sweeps and syncs of chosen people have lanes of their own, so that a click never waits
 * behind a sweep. A run whose process died is taken up again by any replica when its lease is over.
 */
@Injectable()
export class SyncRunner {
  #work: Work | undefined;
  #slots: { readonly sleeper: Wakeable; readonly ended: Promise<void> }[] = [];
  #stopping = new AbortController();
  readonly #turn = new Map<Lane, OrgId | null>();

  constructor(
    private readonly runs: SyncRunRepository,
    private readonly leases: Leases,
    private readonly log: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: PmsSyncConfig,
    background: Background,
  ) {
    background.add('sync-runner', { start: () => this.#start(), stop: () => this.#stop() });
  }

  /** What is done with a run; given by the module that knows. */
  serve(work: Work): void {
    this.#work = work;
  }

  wake(): void {
    for (const { sleeper } of this.#slots) sleeper.wake();
  }

  #start(): void {
    this.#stopping = new AbortController();
    const { LEASEWIRE_PMS_SWEEPS_AT_ONCE: sweeps, LEASEWIRE_PMS_TARGETED_AT_ONCE: targeted } = this.config;
    const slots = (lane: Lane, count: number) => {
      const watch = new NightWatch();
      return Array.from({ length: count }, () => {
        const sleeper = new Wakeable();
        return { sleeper, ended: this.#slot(lane, sleeper, watch) };
      });
    };
    this.#slots = [...slots('sweep', sweeps), ...slots('targeted', targeted)];
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await Promise.all(this.#slots.map(({ ended }) => ended));
  }

  async #slot(lane: Lane, sleeper: Wakeable, watch: NightWatch): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        if (await this.#next(lane)) continue;
      } catch (error) {
        this.log.warn({ err: error, lane }, 'sync runs cannot be worked at for the moment; they go on later');
      }
      await watch.pause(sleeper, pollMs);
    }
  }

  /** True when there was something to do. */
  async #next(lane: Lane): Promise<boolean> {
    const behind = this.#turn.get(lane) ?? null;
    let candidates = await this.runs.ready(lane, behind, this.clock.now());
    if (candidates.length === 0 && behind !== null) candidates = await this.runs.ready(lane, null, this.clock.now());
    this.#turn.set(lane, candidates[0]?.orgId ?? null);
    for (const run of candidates) if (await this.#tryRun(run)) return true;
    return false;
  }

  async #tryRun(run: SyncRunDoc): Promise<boolean> {
    const names = [`run:${run._id}`, ...(run.lane === 'sweep' ? [`sweep:${run.connectionId}`] : [])];
    const held: Lease[] = [];
    try {
      for (const name of names) {
        const lease = await this.leases.acquire(name, this.config.LEASEWIRE_PMS_RUN_LEASE_MS);
        if (!lease) return false;
        held.push(lease.keep());
      }
      const now = await this.runs.findOne({ orgId: run.orgId, _id: run._id });
      if (now?.active !== true) return false;
      this.wake();
      await this.#run(now, held);
      return true;
    } finally {
      for (const lease of held) await lease.release().catch(() => undefined); // it ends by itself
    }
  }

  async #run(run: SyncRunDoc, held: readonly Lease[]): Promise<void> {
    const lost = new AbortController();
    const leaseMs = this.config.LEASEWIRE_PMS_RUN_LEASE_MS;
    // a little longer than its leases, so that nobody looks at it before they are over
    const aliveMs = (leaseMs * 4) / 3;
    const alive = () =>
      this.runs.touch({ orgId: run.orgId, _id: run._id }, { aliveUntil: new Date(this.clock.now().getTime() + aliveMs) });
    const beat = setInterval(() => {
      if (!held.every((lease) => lease.isHeld())) lost.abort();
      void alive().catch(() => undefined);
    }, leaseMs / 5);
    try {
      await alive();
      await this.#work?.(run, AbortSignal.any([lost.signal, this.#stopping.signal]));
    } finally {
      clearInterval(beat);
      await this.runs.touch({ orgId: run.orgId, _id: run._id }, { aliveUntil: new Date(0) }).catch(() => undefined);
    }
  }
}
