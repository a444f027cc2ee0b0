import {
  adoptProperty,
  archiveProperty,
  createProperty,
  estimateStart,
  getPolicies,
  getProperty,
  listProperties,
  previewPolicies,
  previewRemoveProperty,
  releaseProperty,
  removeProperty,
  setPolicies,
  startService,
  updateProperty,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { PolicyService } from './policy.service.js';
import { PropertyService } from './property.service.js';
import { RemovalService } from './removal.service.js';
import { StartService } from './start.service.js';

@Controller()
export class PropertyRpc {
  constructor(
    private readonly properties: PropertyService,
    private readonly policies: PolicyService,
    private readonly removal: RemovalService,
    private readonly starting: StartService,
  ) {}

  @Rpc(createProperty)
  async create(input: ParsedInputOf<typeof createProperty>, call: Call) {
    return this.properties.create(input, call);
  }

  @Rpc(adoptProperty)
  async adopt(input: ParsedInputOf<typeof adoptProperty>, call: Call) {
    return this.properties.adopt(input, call);
  }

  @Rpc(releaseProperty)
  async release(input: ParsedInputOf<typeof releaseProperty>, call: Call) {
    return this.properties.release(input, call);
  }

  @Rpc(getProperty)
  async get({ propertyId }: ParsedInputOf<typeof getProperty>, call: Call) {
    return this.properties.get(propertyId, call);
  }

  @Rpc(listProperties)
  async list(input: ParsedInputOf<typeof listProperties>, call: Call) {
    return this.properties.list(input, call);
  }

  @Rpc(updateProperty)
  async update(input: ParsedInputOf<typeof updateProperty>, call: Call) {
    return this.properties.update(input, call);
  }

  @Rpc(archiveProperty)
  async archive(input: ParsedInputOf<typeof archiveProperty>, call: Call) {
    return this.properties.archive(input, call);
  }

  @Rpc(previewRemoveProperty)
  async previewRemoval({ propertyId }: ParsedInputOf<typeof previewRemoveProperty>, call: Call) {
    return this.removal.preview(propertyId, call);
  }

  @Rpc(removeProperty)
  async remove(input: ParsedInputOf<typeof removeProperty>, call: Call) {
    return this.removal.remove(input, call);
  }

  @Rpc(getPolicies)
  async policiesOf({ propertyId }: ParsedInputOf<typeof getPolicies>, call: Call) {
    return this.policies.get(propertyId, call);
  }

  @Rpc(previewPolicies)
  async preview(input: ParsedInputOf<typeof previewPolicies>, call: Call) {
    return this.policies.preview(input, call);
  }

  @Rpc(setPolicies)
  async setPolicies(input: ParsedInputOf<typeof setPolicies>, call: Call) {
    return this.policies.set(input, call);
  }

  @Rpc(estimateStart)
  async estimate(input: ParsedInputOf<typeof estimateStart>, call: Call) {
    return this.starting.estimate(input, call);
  }

  @Rpc(startService)
  async start(input: ParsedInputOf<typeof startService>, call: Call) {
    return this.starting.start(input, call);
  }
}
