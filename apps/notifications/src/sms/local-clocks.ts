import type { OrgId, PropertyId, QuietHours } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { KnownPropertyRepository } from '../known/known-property.repository.js';
import { SenderService } from '../sender/sender.service.js';
import { usualQuietHours } from './quiet-hours.rules.js';

const keptMs = 10_000;

/** When it is quiet at a property, and on which clock. */
export interface LocalQuiet {
  readonly timeZone: string;
  readonly hours: QuietHours;
}

/** Asked for each text of a blast, looked up every ten seconds. */
@Injectable()
export class LocalClocks {
  readonly #kept = new Map<PropertyId, { readonly until: number; readonly quiet: Promise<LocalQuiet | null> }>();

  constructor(
    private readonly properties: KnownPropertyRepository,
    private readonly senders: SenderService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Null: a property that is not known here. */
  quietOf(orgId: OrgId, propertyId: PropertyId): Promise<LocalQuiet | null> {
    const now = this.clock.monotonicMs();
    const known = this.#kept.get(propertyId);
    if (known && known.until > now) return known.quiet;
    if (this.#kept.size > 5_000) this.#kept.clear();
    const quiet = this.#look(orgId, propertyId);
    this.#kept.set(propertyId, { until: now + keptMs, quiet });
    quiet.catch(() => this.#kept.delete(propertyId));
    return quiet;
  }

  async #look(orgId: OrgId, propertyId: PropertyId): Promise<LocalQuiet | null> {
    const property = await this.properties.findOne({ orgId, _id: propertyId });
    if (!property) return null;
    const { quietHours } = await this.senders.of(orgId, propertyId);
    return { timeZone: property.timeZone, hours: quietHours ?? usualQuietHours };
  }
}
