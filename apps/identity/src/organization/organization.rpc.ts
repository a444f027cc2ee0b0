import { getOrganization, updateOrganization, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { OrganizationService } from './organization.service.js';

@Controller()
export class OrganizationRpc {
  constructor(private readonly organizations: OrganizationService) {}

  @Rpc(getOrganization)
  async get(_input: ParsedInputOf<typeof getOrganization>, call: Call) {
    return this.organizations.get(call);
  }

  @Rpc(updateOrganization)
  async update(input: ParsedInputOf<typeof updateOrganization>, call: Call) {
    return this.organizations.update(input, call);
  }
}
