import { applySync, planSync, syncBasis, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { SyncService } from './sync.service.js';

@Controller()
export class SyncRpc {
  constructor(private readonly sync: SyncService) {}

  @Rpc(syncBasis)
  async basis({ propertyId }: ParsedInputOf<typeof syncBasis>, call: Call) {
    return this.sync.basis(propertyId, call);
  }

  @Rpc(planSync)
  async plan(input: ParsedInputOf<typeof planSync>, call: Call) {
    return this.sync.plan(input, call);
  }

  @Rpc(applySync)
  async apply(input: ParsedInputOf<typeof applySync>, call: Call) {
    return this.sync.apply(input, call);
  }
}
