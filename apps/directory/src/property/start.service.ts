import { createHash } from 'node:crypto';
import {
  DomainError,
  propertyServiceStarted,
  type estimateStart,
  type ParsedInputOf,
  type startService,
} from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ResidentRepository } from '../resident/resident.repository.js';
import { standingOf } from '../resident/settle.rules.js';
import { PropertyChoreRepository } from './property-chore.repository.js';
import { PropertyRepository, settingOf, toProperty, type PropertyDoc } from './property.repository.js';
import { about, PropertyService } from './property.service.js';

@Injectable()
export class StartService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly owned: PropertyService,
    private readonly properties: PropertyRepository,
    private readonly residents: ResidentRepository,
    private readonly chores: PropertyChoreRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async estimate({ propertyId, userTypes }: ParsedInputOf<typeof estimateStart>, call: Call) {
    return this.#estimate(await this.owned.visible(call, propertyId), call, userTypes);
  }

  async start({ propertyId, digest }: ParsedInputOf<typeof startService>, call: Call) {
    const own = await this.owned.visible(call, propertyId);
    const now = await this.#estimate(own, call);
    return this.work.run(call, async (tx) => {
      const doc = await this.owned.visible(call, propertyId, tx);
      if (doc.serviceStartedAt !== null)
        throw new DomainError('conflict.state', `The service of ${doc.name} was started before.`);
      if (now.digest !== digest)
        throw new DomainError(
          'start.estimate-changed',
          `${now.residents} residents would be served now, ${now.gainAccess} of them at once. Look again and confirm.`,
          { estimate: now },
        );
      const saved = await this.properties.save(tx, { ...doc, serviceStartedAt: tx.now });
      await this.chores.add(tx, propertyId, 'reevaluate');
      tx.publish(propertyServiceStarted, { property: toProperty(saved) }, about(saved));
      return toProperty(saved);
    });
  }

  /** The digest is of everybody concerned, so that a confirmation is of what was seen. */
  async #estimate(own: PropertyDoc, call: Call, userTypes?: readonly string[]) {
    const setting = { ...settingOf(own), started: true };
    const digest = createHash('sha256');
    let [residents, withoutEmail, gainAccess] = [0, 0, 0];
    const all = this.residents.stream({ orgId: call.orgId, propertyId: own._id, state: 'active' }, { sort: { _id: 1 } });
    for await (const doc of all) {
      const { open } = standingOf(doc, { setting, property: own, now: this.clock.now() }).access;
      digest.update(`${doc._id}:${open}:${doc.email === null};`);
      if (userTypes && !doc.userTypes.some((type) => userTypes.includes(type))) continue;
      residents += 1;
      if (doc.email === null) withoutEmail += 1;
      if (open) gainAccess += 1;
    }
    return { propertyId: own._id, residents, withoutEmail, gainAccess, digest: digest.digest('base64url') };
  }
}
