import type { Ids } from '@leasewire/messaging';
import { dueAt, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { alikeKey } from '../resident-list/alike.rules.js';
import { settingOf, type PropertyDoc } from '../property/property.repository.js';
import { isSame } from '../same.rules.js';
import { changedFields, told } from './resident-changes.rules.js';
import { ResidentRepository, toResident, type ResidentDoc } from './resident.repository.js';
import { SharedEmails } from './shared-emails.js';
import { settle, type ResidentFacts, type Settled } from './settle.rules.js';
import { TimelineEntryRepository, type TimelineEntryDoc } from './timeline-entry.repository.js';

type Entry = Omit<Parameters<TimelineEntryRepository['record']>[1][number], 'residentId' | 'propertyId' | 'changes'>;
export interface Change {
  readonly before: ResidentDoc | null;
  readonly after: ResidentFacts;
  /** What the timeline says; without it nothing is noted there. */
  readonly entry?: Entry;
}

interface SettledChange extends Change {
  readonly next: Next;
}

/** The one place where residents are written: what follows from a change, its events and its line in the timeline. */
@Injectable()
export class ResidentKeeper {
  constructor(
    private readonly residents: ResidentRepository,
    private readonly timeline: TimelineEntryRepository,
    private readonly sharing: SharedEmails,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  /** About a hundred of one property. Those of whom nothing changes are not written. */
  async save(tx: Tx, property: PropertyDoc, changes: readonly Change[]): Promise<ResidentDoc[]> {
    const { marked, others } = await this.sharing.mark(tx, property, this.#settled(tx, property, changes));
    const settled = [...marked, ...this.#settled(tx, property, others)];
    const fresh = settled.filter(({ before }) => before === null);
    const known = settled.filter(({ before, next }) => before !== null && differs(before, next));
    const inserted = await this.residents.insertMany(
      tx,
      fresh.map(({ next }) => next),
    );
    const saved = await this.residents.saveMany(
      tx,
      known.flatMap(({ before, next }) => (before ? [{ ...before, ...next }] : [])),
    );
    const after = new Map([...inserted, ...saved].map((doc) => [doc._id, doc]));
    const entries = settled.flatMap(({ before, entry, next }) => {
      const doc = after.get(next._id);
      if (!doc) return [];
      const fields = this.#tell(tx, before, doc);
      return entry
        ? [{ ...entry, residentId: doc._id, propertyId: doc.propertyId, changes: differences(before, doc, fields) }]
        : [];
    });
    if (entries.length > 0) await this.timeline.record(tx, entries);
    return settled.flatMap(({ before, next }) => after.get(next._id) ?? before ?? []);
  }

  async saveOne(tx: Tx, property: PropertyDoc, change: Change): Promise<ResidentDoc> {
    const [saved] = await this.save(tx, property, [change]);
    if (!saved) throw new Error('nobody was saved');
    return saved;
  }

  #settled(tx: Tx, property: PropertyDoc, changes: readonly Change[]): SettledChange[] {
    const context = { setting: settingOf(property), property, now: tx.now };
    return changes.map((change) => ({ ...change, next: this.#dated(settle(change.after, context), change.before) }));
  }

  #tell(tx: Tx, before: ResidentDoc | null, doc: ResidentDoc): string[] {
    const resident = toResident(doc);
    const was = before && toResident(before);
    const changed = changedFields(was, resident);
    for (const { contract, occupancyId } of told(was, resident, changed))
      tx.publish(contract, { resident, changed, ...(occupancyId !== undefined && { occupancyId }) }, doc);
    return changed;
  }

  #dated({ move, nextAt, ...rest }: Settled, before: ResidentDoc | null) {
    const known = before?.upcoming;
    const same =
      move && known?.what === move.what && known.on === move.on && known.toUnit === move.toUnit && known.unit === move.unit;
    const upcoming = move && { ...move, id: same ? known.id : this.ids.next('upc') };
    return { ...rest, alike: alikeKey(rest), upcoming, due: nextAt === null ? undefined : dueAt(nextAt) };
  }
}

type Next = Omit<ResidentDoc, 'version' | 'createdAt' | 'updatedAt'>;
function differs(before: ResidentDoc, next: Next): boolean {
  const { due, ...rest } = next;
  const old: Readonly<Record<string, unknown>> = before;
  if (before.due?.at.getTime() !== due?.at.getTime()) return true;
  return Object.entries(rest).some(([field, value]) => !isSame(old[field], value));
}

const tellable = [
  'name',
  'email',
  'phones',
  'language',
  'userTypes',
  'state',
  'leaseStatus',
  'occupancy',
  'access',
  'balance',
] as const;
function differences(before: ResidentDoc | null, after: ResidentDoc, changed: readonly string[]): TimelineEntryDoc['changes'] {
  if (before === null) return [];
  return tellable
    .filter((field) => changed.includes(field))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}
