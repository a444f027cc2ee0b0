import type { ActorRef } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import type { Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { SyncedPropertyDoc } from '../connection/synced-property.repository.js';
import { digestOf } from './fingerprint.rules.js';
import { noCounts } from './run.rules.js';
import { SyncRunner } from './sync-runner.js';
import { SyncRunRepository, type SyncRunDoc } from './sync-run.repository.js';

export interface RunAsked {
  readonly property: Pick<SyncedPropertyDoc, '_id' | 'orgId' | 'connectionId'>;
  readonly scope: SyncRunDoc['scope'];
  readonly cause: SyncRunDoc['cause'];
  readonly startedBy: ActorRef;
  readonly people?: readonly string[];
  readonly units?: readonly string[];
  readonly holdId?: SyncRunDoc['holdId'];
  readonly importId?: SyncRunDoc['importId'];
  readonly removeMissing?: boolean;
}

/** Queues runs. Of one target there is one at a time: whoever asks again gets that one. */
@Injectable()
export class RunMaker {
  constructor(
    private readonly runs: SyncRunRepository,
    private readonly runner: SyncRunner,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async queue(tx: Tx, asked: RunAsked): Promise<{ run: SyncRunDoc; joined: boolean }> {
    const { property, scope, cause, startedBy, people = null, units = null } = asked;
    const { orgId } = property;
    const target = targetOf(asked);
    const isJoinable = (run: SyncRunDoc): boolean =>
      // one that is being cancelled does nothing more
      !run.cancelling && (run.state !== 'running' || !isNewsTo(run, cause));
    const running = await this.runs.activeOn(orgId, target, tx);
    const following = running && (await this.runs.activeOn(orgId, `${target}:next`, tx));
    for (const run of [running, following]) if (run && isJoinable(run)) return { run, joined: true };
    const run = await this.runs.insert(tx, {
      _id: this.ids.next('run'),
      orgId,
      propertyId: property._id,
      connectionId: property.connectionId,
      scope,
      cause,
      state: 'queued',
      complete: false,
      counts: { ...noCounts },
      pages: 0,
      warnings: [],
      error: null,
      startedBy,
      startedAt: null,
      finishedAt: null,
      fetchedAt: null,
      lane: scope === 'sweep' ? 'sweep' : 'targeted',
      target: following ? `${target}:${this.ids.next('again')}` : running ? `${target}:next` : target,
      people: people && [...people],
      units: units && [...units],
      active: true,
      cancelling: false,
      attempt: 0,
      notBefore: tx.now,
      aliveUntil: new Date(0),
      jobId: null,
      askedBy: [],
      waiting: [],
      holdId: asked.holdId ?? null,
      importId: asked.importId ?? null,
      removeMissing: asked.removeMissing ?? false,
    });
    tx.afterCommit(() => {
      this.runner.wake();
    });
    return { run, joined: false };
  }
}

/**
 * What a webhook tells of, and what staff have just changed in the PMS, came after a run that fetches already. Staff who click a second
 * time join what the first click began.
 */
const isNewsTo = (running: SyncRunDoc, cause: RunAsked['cause']): boolean =>
  cause === 'webhook' || (cause === 'staff' && running.cause === 'schedule');

function targetOf({ property, scope, cause, people, units, holdId, importId }: RunAsked): string {
  if (holdId != null) return `hold:${holdId}`;
  if (importId != null) return `csv:${property._id}`;
  if (cause === 'webhook') return `changes:${property._id}`;
  if (scope === 'sweep') return `sweep:${property._id}`;
  return `${scope}:${property._id}:${digestOf(units ?? people ?? [])}`;
}
