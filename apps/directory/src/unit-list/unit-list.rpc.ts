import { countUnits, listUnits, resolveUnits, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { UnitListService } from './unit-list.service.js';

@Controller()
export class UnitListRpc {
  constructor(private readonly units: UnitListService) {}

  @Rpc(listUnits)
  async list(input: ParsedInputOf<typeof listUnits>, call: Call) {
    return this.units.list(input, call);
  }

  @Rpc(countUnits)
  async count(input: ParsedInputOf<typeof countUnits>, call: Call) {
    return this.units.count(input, call);
  }

  @Rpc(resolveUnits)
  async resolve(input: ParsedInputOf<typeof resolveUnits>, call: Call) {
    return this.units.resolve(input, call);
  }
}
