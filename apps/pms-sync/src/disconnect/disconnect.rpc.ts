import { disconnect, disconnectAll, previewDisconnect, previewDisconnectAll, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { DisconnectService } from './disconnect.service.js';

@Controller()
export class DisconnectRpc {
  constructor(private readonly service: DisconnectService) {}

  @Rpc(previewDisconnect)
  preview(input: ParsedInputOf<typeof previewDisconnect>, call: Call) {
    return this.service.preview(input, call);
  }

  @Rpc(disconnect)
  disconnect(input: ParsedInputOf<typeof disconnect>, call: Call) {
    return this.service.disconnect(input, call);
  }

  @Rpc(previewDisconnectAll)
  previewAll(_input: ParsedInputOf<typeof previewDisconnectAll>, call: Call) {
    return this.service.previewAll(call);
  }

  @Rpc(disconnectAll)
  disconnectAll(input: ParsedInputOf<typeof disconnectAll>, call: Call) {
    return this.service.disconnectAll(input, call);
  }
}
