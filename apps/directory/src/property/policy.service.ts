import {
  propertyChanged,
  type ParsedInputOf,
  type previewPolicies,
  type PropertyId,
  type ResidentId,
  type setPolicies,
} from '@leasewire/contracts';
import type { Call, Clock } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { CLOCK } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ResidentRepository } from '../resident/resident.repository.js';
import { settle } from '../resident/settle.rules.js';
import { assertVersion } from '../version.rules.js';
import { defaultPolicy, policyOf } from './policy.rules.js';
import { PropertyChoreRepository } from './property-chore.repository.js';
import { PropertyRepository, settingOf, toProperty } from './property.repository.js';
import { about, PropertyService } from './property.service.js';

type Example = { residentId: ResidentId; name: string; effect: 'gains' | 'loses' };

@Injectable()
export class PolicyService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly owned: PropertyService,
    private readonly properties: PropertyRepository,
    private readonly residents: ResidentRepository,
    private readonly chores: PropertyChoreRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async get(propertyId: PropertyId, call: Call) {
    const own = await this.owned.visible(call, propertyId);
    return { policy: policyOf(own), defaults: defaultPolicy(own.kind), version: own.version };
  }

  /** By the rules that will decide it. */
  async preview({ propertyId, policy }: ParsedInputOf<typeof previewPolicies>, call: Call) {
    const own = await this.owned.visible(call, propertyId);
    const policyChanges = { ...own.policyChanges, ...policy };
    const now = this.clock.now();
    const about = { property: own, now };
    const [old, changed] = [settingOf(own), settingOf({ ...own, policyChanges })];
    const examples: Example[] = [];
    let [gainToday, loseToday] = [0, 0];
    for await (const doc of this.residents.stream({ orgId: call.orgId, propertyId, state: 'active' })) {
      const was = settle(doc, { ...about, setting: old }).access.open;
      const is = settle(doc, { ...about, setting: changed }).access.open;
      if (was === is) continue;
      if (is) gainToday += 1;
      else loseToday += 1;
      if (examples.length < 20) examples.push({ residentId: doc._id, name: doc.displayName, effect: is ? 'gains' : 'loses' });
    }
    return { gainToday, loseToday, examples };
  }

  async set({ propertyId, policy, version }: ParsedInputOf<typeof setPolicies>, call: Call) {
    return this.work.run(call, async (tx) => {
      const own = await this.owned.visible(call, propertyId, tx);
      assertVersion(own, version);
      const saved = await this.properties.save(tx, {
        ...own,
        policyChanges: policy === 'default' ? {} : { ...own.policyChanges, ...policy },
      });
      await this.chores.add(tx, propertyId, 'reevaluate');
      tx.publish(propertyChanged, { property: toProperty(saved) }, about(saved));
      return toProperty(saved);
    });
  }
}
