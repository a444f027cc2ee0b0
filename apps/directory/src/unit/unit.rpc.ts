import { applyUnits, createUnit, getUnit, removeUnits, updateUnit, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { UnitSyncService } from './unit-sync.service.js';
import { UnitService } from './unit.service.js';

@Controller()
export class UnitRpc {
  constructor(
    private readonly units: UnitService,
    private readonly sync: UnitSyncService,
  ) {}

  @Rpc(getUnit)
  async get({ unitId }: ParsedInputOf<typeof getUnit>, call: Call) {
    return this.units.get(unitId, call);
  }

  @Rpc(createUnit)
  async create(input: ParsedInputOf<typeof createUnit>, call: Call) {
    return this.units.create(input, call);
  }

  @Rpc(updateUnit)
  async update(input: ParsedInputOf<typeof updateUnit>, call: Call) {
    return this.units.update(input, call);
  }

  @Rpc(removeUnits)
  async remove(input: ParsedInputOf<typeof removeUnits>, call: Call) {
    return this.units.remove(input, call);
  }

  @Rpc(applyUnits)
  async apply(input: ParsedInputOf<typeof applyUnits>, call: Call) {
    return this.sync.apply(input, call);
  }
}
