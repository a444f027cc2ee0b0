import { previewCloseResidents, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ClosingService } from './closing.service.js';

@Controller()
export class ClosingRpc {
  constructor(private readonly closing: ClosingService) {}

  @Rpc(previewCloseResidents)
  async preview(_input: ParsedInputOf<typeof previewCloseResidents>, call: Call) {
    return this.closing.preview(call);
  }
}
