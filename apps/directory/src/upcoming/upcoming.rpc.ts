import { executeUpcomingChanges, listUpcomingChanges, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { UpcomingService } from './upcoming.service.js';

@Controller()
export class UpcomingRpc {
  constructor(private readonly upcoming: UpcomingService) {}

  @Rpc(listUpcomingChanges)
  async list(input: ParsedInputOf<typeof listUpcomingChanges>, call: Call) {
    return this.upcoming.list(input, call);
  }

  @Rpc(executeUpcomingChanges)
  async execute(input: ParsedInputOf<typeof executeUpcomingChanges>, call: Call) {
    return this.upcoming.execute(input, call);
  }
}
