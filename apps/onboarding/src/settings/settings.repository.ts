import { ActorRef, InvitationSettings, PropertyId, type OrgId } from '@leasewire/contracts';
import { Database, defineCollection, TenantRepository, tenantDoc, type DocOf, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { defaultsOf, type Settings } from './settings.rules.js';

const { validForSeconds, newPeople, reminders, quietHours, perPersonPerDay, spreadDays } = InvitationSettings.shape;
export const settingsDef = defineCollection(
  'invitation_settings',
  tenantDoc.extend({
    _id: PropertyId,
    validForSeconds,
    newPeople,
    reminders,
    quietHours,
    perPersonPerDay,
    spreadDays,
    remindersSince: z.date().optional().describe('When they were changed'),
    updatedBy: ActorRef,
  }),
  { scope: 'org' },
);
export type SettingsDoc = DocOf<typeof settingsDef>;

@Injectable()
export class SettingsRepository extends TenantRepository<typeof settingsDef> {
  constructor(db: Database) {
    super(db, settingsDef);
  }

  async of(orgId: OrgId, property: { readonly _id: PropertyId; readonly kind: 'rental' | 'strata' }, tx?: Tx): Promise<Settings> {
    const doc = await this.findOne({ orgId, _id: property._id }, tx ? { tx } : {});
    return doc ?? defaultsOf(property.kind);
  }
}

export function toSettings(propertyId: PropertyId, doc: SettingsDoc | null, kind: 'rental' | 'strata'): InvitationSettings {
  const { validForSeconds, newPeople, reminders, quietHours, perPersonPerDay, spreadDays } = doc ?? defaultsOf(kind);
  return {
    propertyId,
    validForSeconds,
    newPeople,
    reminders,
    quietHours,
    perPersonPerDay,
    spreadDays,
    inherited: doc === null,
    version: doc?.version ?? 0,
    updatedAt: doc?.updatedAt.toISOString() ?? null,
    updatedBy: doc?.updatedBy ?? null,
  };
}
