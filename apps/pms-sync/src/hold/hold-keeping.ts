import { holdOpened, holdResolved } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { dueAt, type Tx } from '@leasewire/persistence';
import { CONFIG, IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { SyncedPropertyRepository } from '../connection/synced-property.repository.js';
import { connectorOf } from '../connector/connectors.js';
import type { PmsSyncConfig } from '../config.js';
import { digestOf } from '../run/fingerprint.rules.js';
import type { FlowResult } from '../run/people-flow.about.js';
import type { UnitsResult } from '../run/unit-flow.js';
import type { SyncRunDoc } from '../run/sync-run.repository.js';
import { bannerOf } from './brake.rules.js';
import { HeldPersonRepository, HoldRepository, toHold, type HoldDoc } from './hold.repository.js';

const shown = 500;
type Ended = FlowResult & {
  /** Everything arrived, or an answer that is whole and shows nothing. */
  readonly whole: boolean;
  readonly units: UnitsResult['held'];
  readonly missingUnits: ReadonlySet<string>;
  readonly platform: Parameters<typeof connectorOf>[0];
};

/** What a run that ended means for the hold of its property: opened, left as it is, renewed with another list, or withdrawn. */
@Injectable()
export class HoldKeeping {
  constructor(
    private readonly holds: HoldRepository,
    private readonly people: HeldPersonRepository,
    private readonly properties: SyncedPropertyRepository,
    @Inject(IDS) private readonly ids: Ids,
    @Inject(CONFIG) private readonly config: PmsSyncConfig,
  ) {}

  async settle(tx: Tx, run: SyncRunDoc, ended: Ended): Promise<void> {
    const { orgId, propertyId } = run;
    const isSweep = ended.whole;
    const open = await this.holds.open(orgId, propertyId, tx);
    if (isSweep) await this.#forgetKept(tx, run, ended);
    if (!ended.braked.asks && ended.units.length === 0) {
      if (open && isSweep) await this.resolve(tx, open, 'withdrawn', null, 'The next sweep no longer showed it.');
      return;
    }
    const people = ended.braked.asks ? ended.removals : [];
    const digest = digestOf([
      ...people.map(({ outcome }) => outcome.upstreamId),
      ...ended.units.map(({ upstreamId }) => `unit ${upstreamId}`),
    ]);
    const fetchedAt = run.fetchedAt ?? tx.now;
    if (open?.digest === digest) {
      await this.holds.save(tx, { ...open, fetchedAt });
      return;
    }
    if (open && !isSweep) return; // a part of the property says nothing about the whole list
    if (open) await this.resolve(tx, open, 'withdrawn', null, 'A later sweep came to another list.');
    await this.#open(tx, run, { ...ended, removals: people }, digest, fetchedAt);
  }

  async resolve(
    tx: Tx,
    hold: HoldDoc,
    state: 'approved' | 'rejected' | 'withdrawn' | 'expired',
    by: HoldDoc['decidedBy'],
    note: string | null,
  ): Promise<HoldDoc> {
    const saved = await this.holds.save(tx, { ...hold, state, decidedAt: tx.now, decidedBy: by, note, due: undefined });
    tx.publish(holdResolved, { hold: toHold(saved) }, saved);
    return saved;
  }

  async #open(tx: Tx, run: SyncRunDoc, ended: Ended, digest: string, fetchedAt: Date): Promise<void> {
    const { orgId, propertyId, _id: runId } = run;
    const people = ended.removals.map(({ outcome, person }) => ({
      upstreamId: outcome.upstreamId,
      residentId: outcome.residentId,
      name: outcome.name,
      unit: outcome.unit,
      why: reasonOf(person !== null, ended.platform),
    }));
    const livingHere = Math.max(ended.livingHere, people.length);
    const expiresAt = new Date(tx.now.getTime() + this.config.LEASEWIRE_PMS_HOLD_DAYS * 86_400_000);
    const hold = await this.holds.insert(tx, {
      _id: this.ids.next('hold'),
      orgId,
      propertyId,
      runId,
      state: 'open',
      count: people.length,
      livingHere,
      people: people.slice(0, shown),
      units: ended.units.slice(0, shown),
      unitCount: ended.units.length,
      unitIds: ended.units.map(({ upstreamId }) => upstreamId),
      banner: bannerOf({ people: people.length, livingHere, units: ended.units.length }, connectorOf(ended.platform).label),
      digest,
      fetchedAt,
      openedAt: tx.now,
      expiresAt,
      decidedAt: null,
      decidedBy: null,
      note: null,
      due: dueAt(expiresAt),
    });
    const all = ended.removals.map(({ person }, at) => ({ ...people[at], person }));
    await this.people.insertMany(
      tx,
      all.flatMap((one) =>
        one.upstreamId === undefined
          ? []
          : [
              {
                _id: `${hold._id}:${one.upstreamId}`,
                orgId,
                holdId: hold._id,
                upstreamId: one.upstreamId,
                residentId: one.residentId ?? null,
                name: one.name ?? one.upstreamId,
                unit: one.unit ?? null,
                why: one.why ?? '',
                person: one.person,
              },
            ],
      ),
    );
    tx.publish(holdOpened, { hold: toHold(hold) }, hold);
  }

  /** Whoever is back is forgotten, so that they are asked about when they vanish again. */
  async #forgetKept(tx: Tx, { orgId, propertyId }: SyncRunDoc, { removals, missingUnits }: Ended): Promise<void> {
    const property = await this.properties.findOne({ orgId, _id: propertyId }, { tx });
    if (!property || property.kept.length + property.keptUnits.length === 0) return;
    const missing = new Set(removals.map(({ outcome }) => outcome.upstreamId));
    const kept = property.kept.filter((id) => missing.has(id));
    const keptUnits = property.keptUnits.filter((id) => missingUnits.has(id));
    if (kept.length !== property.kept.length || keptUnits.length !== property.keptUnits.length)
      await this.properties.save(tx, { ...property, kept, keptUnits });
  }
}

function reasonOf(isShown: boolean, platform: Ended['platform']): string {
  const source = platform === 'csv' ? 'The file' : 'The PMS';
  return isShown ? `${source} says that the lease is over.` : `${source} does not show this person any more.`;
}
