import { countResidents, listResidents, resolveResidents, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ResidentListService } from './resident-list.service.js';

@Controller()
export class ResidentListRpc {
  constructor(private readonly residents: ResidentListService) {}

  @Rpc(listResidents)
  async list(input: ParsedInputOf<typeof listResidents>, call: Call) {
    return this.residents.list(input, call);
  }

  @Rpc(countResidents)
  async count(input: ParsedInputOf<typeof countResidents>, call: Call) {
    return this.residents.count(input, call);
  }

  @Rpc(resolveResidents)
  async resolve(input: ParsedInputOf<typeof resolveResidents>, call: Call) {
    return this.residents.resolve(input, call);
  }
}
