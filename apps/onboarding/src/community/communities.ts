import {
  getImportProgress,
  getProperty,
  isNewer,
  type EntityVersion,
  type Fact,
  type OrgId,
  type Property,
  type propertyChanged,
  type PropertyId,
} from '@leasewire/contracts';
import { Assertions, RpcClient, type Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Timetable } from '../invitation/timetable.rules.js';
import { SettingsRepository } from '../settings/settings.repository.js';
import type { Settings } from '../settings/settings.rules.js';
import type { Progress } from './automatic-import.rules.js';
import { AutomaticImports } from './automatic-imports.js';
import { CommunityRepository, type CommunityDoc } from './community.repository.js';

/** How one property does it. */
export interface PropertyRules {
  readonly community: CommunityDoc;
  readonly settings: Settings;
  readonly timetable: Timetable;
}

@Injectable()
export class Communities {
  constructor(
    private readonly communities: CommunityRepository,
    private readonly settings: SettingsRepository,
    private readonly automatic: AutomaticImports,
    private readonly work: UnitOfWork,
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async rules(orgId: OrgId, propertyId: PropertyId, tx?: Tx): Promise<PropertyRules> {
    const community = await this.communities.get({ orgId, _id: propertyId }, tx ? { tx } : {});
    const settings = await this.settings.of(orgId, community, tx);
    const { quietHours, spreadDays, remindersSince = null } = settings;
    const reminders = isClosed(community) ? { ...settings.reminders, on: false } : settings.reminders;
    const { timeZone } = community;
    return { community, settings, timetable: { timeZone, quietHours, reminders, remindersSince, spreadDays } };
  }

  /** A resident may be told before their property is: streams of different handlers do not wait for each other. */
  async known(orgId: OrgId, propertyId: PropertyId): Promise<CommunityDoc> {
    const found = await this.communities.findOne({ orgId, _id: propertyId });
    if (found !== null) return found;
    const cause = systemCause('onboarding', orgId, this.ids);
    const via = { assertion: this.assertions.forService(orgId), correlationId: cause.correlationId };
    const property = await this.rpc.call(getProperty, { propertyId }, via);
    await this.work.run(cause, (tx) => this.keep(tx, property, { epoch: 0, version: property.version }));
    return this.communities.get({ orgId, _id: propertyId });
  }

  /** What directory tells. Who set an import to automatic, and who still waits there, is asked before others are told. */
  async hear(fact: Fact<typeof propertyChanged>): Promise<void> {
    const { property } = fact.data;
    const before = await this.communities.findOne({ orgId: fact.orgId, _id: property.id });
    const becomesAutomatic = before?.importMode === 'manual' && property.importMode === 'automatic';
    const via = { assertion: this.assertions.forService(fact.orgId), correlationId: fact.correlationId };
    const progress = becomesAutomatic ? await this.rpc.call(getImportProgress, { propertyId: property.id }, via) : null;
    await this.work.run(fact, (tx) => this.keep(tx, property, fact.version, progress));
  }

  /** The property as it is now, unless something newer is known. */
  async keep(tx: Tx, property: Property, known: EntityVersion, progress: Progress | null = null): Promise<void> {
    const { orgId } = tx;
    const before = await this.communities.findOne({ orgId, _id: property.id }, { tx });
    if (before !== null && !isNewer(known, before.known)) return;
    const facts = {
      name: property.name,
      kind: property.kind,
      timeZone: property.timeZone,
      importMode: property.importMode,
      started: property.serviceStartedAt !== null,
      archived: property.state === 'archived',
      known: { epoch: known.epoch, version: known.version },
    };
    const saved =
      before === null
        ? await this.communities.insert(tx, { _id: property.id, orgId, ...facts })
        : await this.communities.save(tx, { ...before, ...facts });
    if (before?.importMode === 'manual' && saved.importMode === 'automatic') await this.automatic.tell(tx, saved, progress);
  }

  /** All of a closed organization: nobody is pressed to an account there any more. */
  async close(tx: Tx, closed: boolean, { epoch, version }: EntityVersion): Promise<void> {
    for (const doc of await this.communities.find({ orgId: tx.orgId }, { tx }))
      if (doc.closing === undefined || isNewer({ epoch, version }, doc.closing.known))
        await this.communities.save(tx, { ...doc, closing: { closed, known: { epoch, version } } });
  }
}

export const isClosed = ({ closing }: Pick<CommunityDoc, 'closing'>): boolean => closing?.closed === true;
