import {
  archiveResident,
  createResident,
  explainAccess,
  getResident,
  restoreResident,
  updateResident,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ResidentService } from './resident.service.js';

@Controller()
export class ResidentRpc {
  constructor(private readonly residents: ResidentService) {}

  @Rpc(getResident)
  async get({ residentId }: ParsedInputOf<typeof getResident>, call: Call) {
    return this.residents.get(residentId, call);
  }

  @Rpc(explainAccess)
  async explain({ residentId }: ParsedInputOf<typeof explainAccess>, call: Call) {
    return this.residents.explain(residentId, call);
  }

  @Rpc(createResident)
  async create(input: ParsedInputOf<typeof createResident>, call: Call) {
    return this.residents.create(input, call);
  }

  @Rpc(updateResident)
  async update(input: ParsedInputOf<typeof updateResident>, call: Call) {
    return this.residents.update(input, call);
  }

  @Rpc(archiveResident)
  async archive(input: ParsedInputOf<typeof archiveResident>, call: Call) {
    return this.residents.archive(input, call);
  }

  @Rpc(restoreResident)
  async restore(input: ParsedInputOf<typeof restoreResident>, call: Call) {
    return this.residents.restore(input, call);
  }
}
