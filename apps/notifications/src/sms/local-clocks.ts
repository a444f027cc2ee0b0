import type { OrgId, PropertyId } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { KnownPropertyRepository } from '../known/known-property.repository.js';

const keptMs = 30_000;

/** The time zone of a property: asked for each text of a blast, looked up once. */
@Injectable()
export class LocalClocks {
  readonly #kept = new Map<PropertyId, { readonly until: number; readonly zone: Promise<string | null> }>();

  constructor(
    private readonly properties: KnownPropertyRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  zoneOf(orgId: OrgId, propertyId: PropertyId): Promise<string | null> {
    const now = this.clock.monotonicMs();
    const known = this.#kept.get(propertyId);
    if (known && known.until > now) return known.zone;
    if (this.#kept.size > 5_000) this.#kept.clear();
    const zone = this.properties.findOne({ orgId, _id: propertyId }).then((found) => found?.timeZone ?? null);
    this.#kept.set(propertyId, { until: now + keptMs, zone });
    zone.catch(() => this.#kept.delete(propertyId));
    return zone;
  }
}
