import { approveHold, getHold, listHeldPeople, listHolds, rejectHold, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { HoldService } from './hold.service.js';

@Controller()
export class HoldRpc {
  constructor(private readonly holds: HoldService) {}

  @Rpc(listHolds)
  list(input: ParsedInputOf<typeof listHolds>, call: Call) {
    return this.holds.list(input, call);
  }

  @Rpc(getHold)
  get({ holdId }: ParsedInputOf<typeof getHold>, call: Call) {
    return this.holds.get(holdId, call);
  }

  @Rpc(listHeldPeople)
  listPeople(input: ParsedInputOf<typeof listHeldPeople>, call: Call) {
    return this.holds.listPeople(input, call);
  }

  @Rpc(approveHold)
  approve(input: ParsedInputOf<typeof approveHold>, call: Call) {
    return this.holds.approve(input, call);
  }

  @Rpc(rejectHold)
  reject(input: ParsedInputOf<typeof rejectHold>, call: Call) {
    return this.holds.reject(input, call);
  }
}
