import { createHash } from 'node:crypto';
import {
  DomainError,
  propertyArchived,
  type ParsedInputOf,
  type Property,
  type PropertyId,
  type RemovalPreview,
  type removeProperty,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { ResidentRepository } from '../resident/resident.repository.js';
import { UnitRepository } from '../unit/unit.repository.js';
import { assertVersion } from '../version.rules.js';
import { PropertyChoreRepository } from './property-chore.repository.js';
import { PropertyRepository, toProperty, type PropertyDoc } from './property.repository.js';
import { about, assertDisconnected, PropertyService } from './property.service.js';
import { consequencesOfRemoval } from './removal.rules.js';

/** Away with a property and everybody in it; first what that means, then what was confirmed. */
@Injectable()
export class RemovalService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly owned: PropertyService,
    private readonly properties: PropertyRepository,
    private readonly residents: ResidentRepository,
    private readonly units: UnitRepository,
    private readonly chores: PropertyChoreRepository,
  ) {}

  async preview(propertyId: PropertyId, call: Call): Promise<RemovalPreview> {
    return this.#preview(await this.owned.visible(call, propertyId));
  }

  async remove({ propertyId, digest, version }: ParsedInputOf<typeof removeProperty>, call: Call): Promise<Property> {
    const now = await this.#preview(await this.owned.visible(call, propertyId));
    return this.work.run(call, async (tx) => {
      const own = await this.owned.visible(call, propertyId, tx);
      assertVersion(own, version);
      if (own.state === 'archived') return toProperty(own);
      assertDisconnected(own);
      if (now.digest !== digest)
        throw new DomainError('removal.changed', `${now.residents} people would be archived now. Look again and confirm.`, {
          preview: now,
        });
      const saved = await this.properties.save(tx, { ...own, state: 'archived' });
      await this.chores.add(tx, propertyId, 'archive-residents');
      tx.publish(propertyArchived, { property: toProperty(saved) }, about(saved));
      return toProperty(saved);
    });
  }

  async #preview(own: PropertyDoc): Promise<RemovalPreview> {
    const { orgId, _id: propertyId, name } = own;
    const digest = createHash('sha256').update(String(own.connectionId));
    let [residents, withAccess, live, upcomingChanges] = [0, 0, 0, 0];
    const all = { orgId, propertyId, state: { $in: ['active' as const, 'pending-import' as const] } };
    for await (const doc of this.residents.stream(all, { sort: { _id: 1 } })) {
      digest.update(`${doc._id}:${doc.access.open};`);
      residents += 1;
      if (doc.access.open) withAccess += 1;
      if (doc.accountStatus === 'live') live += 1;
      if (doc.upcoming !== null) upcomingChanges += 1;
    }
    const units = await this.units.count({ orgId, propertyId });
    const counts = { connected: own.connectionId !== null, units, residents, withAccess, live, upcomingChanges };
    const sentences = consequencesOfRemoval({ name, ...counts });
    return { propertyId, name, ...counts, sentences, digest: digest.digest('base64url') };
  }
}
