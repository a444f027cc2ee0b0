import { createRole, getRole, listRoles, removeRole, updateRole, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { RoleService } from './role.service.js';

@Controller()
export class RoleRpc {
  constructor(private readonly roles: RoleService) {}

  @Rpc(listRoles)
  async list(input: ParsedInputOf<typeof listRoles>, call: Call) {
    return this.roles.list(input, call);
  }

  @Rpc(getRole)
  async get({ roleId }: ParsedInputOf<typeof getRole>, call: Call) {
    return this.roles.get(roleId, call);
  }

  @Rpc(createRole)
  async create(input: ParsedInputOf<typeof createRole>, call: Call) {
    return this.roles.create(input, call);
  }

  @Rpc(updateRole)
  async update(input: ParsedInputOf<typeof updateRole>, call: Call) {
    return this.roles.update(input, call);
  }

  @Rpc(removeRole)
  async remove({ roleId }: ParsedInputOf<typeof removeRole>, call: Call) {
    return this.roles.remove(roleId, call);
  }
}
