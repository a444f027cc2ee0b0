import type { SyncPolicy, UpstreamUnit } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { brake } from '../hold/brake.rules.js';
import { DirectoryClient, type ForRun } from './directory-client.js';
import { fingerprintOfUnits } from './fingerprint.rules.js';
import { UpstreamUnitsRepository } from './upstream-record.repository.js';

export interface UnitsResult {
  /** Units that the PMS no longer shows and of which a person must say that they are gone. */
  readonly held: readonly { readonly upstreamId: string; readonly name: string }[];
  readonly missing: ReadonlySet<string>;
  /** There were units, and now there is none: what the PMS says of people cannot be understood without. */
  readonly lost: number;
}

/** The units of one sweep on their way to directory. Few may vanish; many, or all of them, wait for a person. */
@Injectable()
export class UnitFlow {
  constructor(
    private readonly directory: DirectoryClient,
    private readonly rows: UpstreamUnitsRepository,
    private readonly work: UnitOfWork,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async sweep(run: ForRun, said: readonly UpstreamUnit[], kept: readonly string[], policy: SyncPolicy): Promise<UnitsResult> {
    const units = said.map(({ upstreamId, building, number, bedrooms }) => ({ upstreamId, building, number, bedrooms }));
    const hash = fingerprintOfUnits(units);
    const known = await this.rows.findOne({ orgId: run.orgId, _id: run.propertyId });
    const here = new Set(units.map(({ upstreamId }) => upstreamId));
    const missing = (known?.units ?? []).filter(({ upstreamId }) => !here.has(upstreamId));
    const lost = units.length === 0 ? missing.length : 0;
    const braked = brake(
      {
        unannounced: missing.map(({ upstreamId }) => upstreamId),
        kept,
        livingHere: known?.units.length ?? 0,
        recent: 0,
        emptied: lost > 0,
      },
      policy,
    );
    const stay = new Set(braked.held);
    if (lost === 0 && (known?.hash !== hash || braked.go.length > 0)) {
      await this.directory.applyUnits(run, units, braked.go);
      const now = units.map(({ upstreamId, building, number }) => ({
        upstreamId,
        name: building === null ? number : `${building} ${number}`,
      }));
      await this.#keep(run, hash, [...now, ...missing.filter(({ upstreamId }) => stay.has(upstreamId))]);
    }
    return { lost, held: braked.asks ? missing : [], missing: new Set(missing.map(({ upstreamId }) => upstreamId)) };
  }

  /** Those of whom staff said that they are gone. */
  async release(run: ForRun, upstreamIds: readonly string[]): Promise<void> {
    if (upstreamIds.length === 0) return;
    await this.directory.applyUnits(run, [], upstreamIds);
    const gone = new Set(upstreamIds);
    const known = await this.rows.findOne({ orgId: run.orgId, _id: run.propertyId });
    if (known)
      await this.#keep(
        run,
        known.hash,
        known.units.filter(({ upstreamId }) => !gone.has(upstreamId)),
      );
  }

  async #keep({ orgId, propertyId: _id, runId }: ForRun, hash: string, units: UnitsResult['held']): Promise<void> {
    await this.work.run(systemCause('pms-sync', orgId, this.ids, runId), async (tx) => {
      const was = await this.rows.findOne({ orgId, _id }, { tx });
      const kept = { hash, units: [...units] };
      await (was ? this.rows.save(tx, { ...was, ...kept }) : this.rows.insert(tx, { orgId, _id, ...kept }));
    });
  }
}
