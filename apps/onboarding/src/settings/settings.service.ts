import { isDeepStrictEqual } from 'node:util';
import {
  DomainError,
  invitationSettingsChanged,
  type InvitationSettings,
  type ParsedInputOf,
  type PropertyId,
  type setInvitationSettings,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { Communities } from '../community/communities.js';
import type { CommunityDoc } from '../community/community.repository.js';
import { assertSees } from '../property-scope.rules.js';
import { Retimings } from './retimings.js';
import { SettingsRepository, toSettings, type SettingsDoc } from './settings.repository.js';
import { defaultsOf } from './settings.rules.js';

@Injectable()
export class SettingsService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly settings: SettingsRepository,
    private readonly communities: Communities,
    private readonly retimings: Retimings,
  ) {}

  async get(propertyId: PropertyId, call: Call): Promise<InvitationSettings> {
    const { kind } = await this.#visible(call, propertyId);
    return toSettings(propertyId, await this.settings.findOne({ orgId: call.orgId, _id: propertyId }), kind);
  }

  async set({ propertyId, version, ...wanted }: ParsedInputOf<typeof setInvitationSettings>, call: Call) {
    const { kind } = await this.#visible(call, propertyId);
    return this.work.run(call, async (tx) => {
      const id = { orgId: call.orgId, _id: propertyId };
      const before = await this.settings.findOne(id, { tx });
      if (version !== undefined && version !== (before?.version ?? 0))
        throw new DomainError('conflict.version', 'Somebody else changed these settings meanwhile. Read them again and repeat.');
      const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
      const old = before ?? { ...id, ...defaultsOf(kind) };
      const others = { ...old, ...given };
      const otherReminders = !isDeepStrictEqual(others.reminders, old.reminders);
      const next = { ...others, ...(otherReminders && { remindersSince: tx.now }), updatedBy: call.actor.ref };
      if (otherReminders || !isDeepStrictEqual(next.quietHours, old.quietHours)) await this.retimings.begin(tx, propertyId);
      const saved = isKept(next) ? await this.settings.save(tx, next) : await this.settings.insert(tx, next);
      const settings = toSettings(propertyId, saved, kind);
      tx.publish(invitationSettingsChanged, { settings }, about(saved));
      return settings;
    });
  }

  async reset(propertyId: PropertyId, call: Call): Promise<InvitationSettings> {
    const { kind } = await this.#visible(call, propertyId);
    return this.work.run(call, async (tx) => {
      const id = { orgId: call.orgId, _id: propertyId };
      const before = await this.settings.findOne(id, { tx });
      const settings = toSettings(propertyId, null, kind);
      if (before === null) return settings;
      await this.settings.remove(tx, id);
      await this.retimings.begin(tx, propertyId);
      tx.publish(invitationSettingsChanged, { settings }, { ...about(before), version: before.version + 1 });
      return settings;
    });
  }

  async #visible(call: Call, propertyId: PropertyId): Promise<CommunityDoc> {
    assertSees(call.actor, propertyId, 'property');
    return this.communities.known(call.orgId, propertyId);
  }
}

const isKept = (doc: object): doc is SettingsDoc => 'version' in doc;
const about = ({ _id, version }: SettingsDoc) => ({ _id: `invitation-settings:${_id}`, version, propertyId: _id });
