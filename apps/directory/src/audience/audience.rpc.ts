import { resolveAudience, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { AudienceService } from './audience.service.js';

@Controller()
export class AudienceRpc {
  constructor(private readonly audiences: AudienceService) {}

  @Rpc(resolveAudience)
  async resolve(input: ParsedInputOf<typeof resolveAudience>, call: Call) {
    return this.audiences.resolve(input, call);
  }
}
