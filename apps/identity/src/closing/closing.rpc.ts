import { closeOrganization, keepOrganization, previewCloseOrganization, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ClosingService } from './closing.service.js';

@Controller()
export class ClosingRpc {
  constructor(private readonly closing: ClosingService) {}

  @Rpc(previewCloseOrganization)
  async preview(_input: ParsedInputOf<typeof previewCloseOrganization>, call: Call) {
    return this.closing.preview(call);
  }

  @Rpc(closeOrganization)
  async close(input: ParsedInputOf<typeof closeOrganization>, call: Call) {
    return this.closing.close(input, call);
  }

  @Rpc(keepOrganization)
  async keep(input: ParsedInputOf<typeof keepOrganization>, call: Call) {
    return this.closing.keep(input, call);
  }
}
