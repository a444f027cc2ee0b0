import { importBecameAutomatic, PropertyId } from '@leasewire/contracts';
import { Effects, type Effect, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { StaffAlerts } from '../alert/staff-alerts.js';
import { SettingsRepository } from '../settings/settings.repository.js';
import { noticeOf, type Progress } from './automatic-import.rules.js';
import type { CommunityDoc } from './community.repository.js';

const kind = 'automatic-import-alert';
const Payload = z.object({ propertyId: PropertyId, version: z.int(), pending: z.int().nullable() });

/** Tells that new people of a property arrive by themselves from now on: others by an event, staff by mail. */
@Injectable()
export class AutomaticImports {
  constructor(
    private readonly settings: SettingsRepository,
    alerts: StaffAlerts,
    effects: Effects,
  ) {
    const raise = (effect: Effect<z.output<typeof Payload>>) => {
      const { propertyId, version, pending } = effect.payload;
      return alerts.raise(effect, {
        kind: 'import-automatic',
        key: `${propertyId}:${version}`,
        propertyId,
        data: pending === null ? {} : { 'alert.count': String(pending) },
        place: `/properties/${propertyId}`,
      });
    };
    effects.define(kind, {
      payload: Payload,
      attempt: raise,
      reconcile: raise,
      maxAttempts: 500,
      backoff: { firstMs: 300, mostMs: 30_000 },
    });
  }

  async tell(tx: Tx, community: CommunityDoc, progress: Progress | null): Promise<void> {
    const { _id: propertyId, name, version, orgId } = community;
    const { newPeople } = await this.settings.of(orgId, community, tx);
    const notice = noticeOf(name, newPeople, progress);
    const about = { _id: propertyId, version, orgId, propertyId };
    tx.publish(importBecameAutomatic, { propertyId, name, newPeople, notice }, about);
    tx.effect(kind, { propertyId, version, pending: progress?.pending ?? null }, { key: `${propertyId}:${version}` });
  }
}
