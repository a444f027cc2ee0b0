import { endResidentView, enterResidentView, startResidentView, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ResidentViewService } from './resident-view.service.js';

@Controller()
export class ResidentViewRpc {
  constructor(private readonly views: ResidentViewService) {}

  @Rpc(startResidentView)
  async start(input: ParsedInputOf<typeof startResidentView>, call: Call) {
    return this.views.start(input, call);
  }

  @Rpc(enterResidentView)
  async enter({ token }: ParsedInputOf<typeof enterResidentView>) {
    return this.views.enter(token);
  }

  @Rpc(endResidentView)
  async end({ token }: ParsedInputOf<typeof endResidentView>) {
    return this.views.stop(token);
  }
}
