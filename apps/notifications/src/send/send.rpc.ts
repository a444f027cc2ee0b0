import { estimateMessage, sendTemplate, withdrawMessage, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { SendService } from './send.service.js';

@Controller()
export class SendRpc {
  constructor(private readonly sends: SendService) {}

  @Rpc(sendTemplate)
  async send(input: ParsedInputOf<typeof sendTemplate>, call: Call) {
    return this.sends.send(input, call);
  }

  @Rpc(withdrawMessage)
  async withdraw(input: ParsedInputOf<typeof withdrawMessage>, call: Call) {
    return this.sends.withdraw(input, call);
  }

  @Rpc(estimateMessage)
  async estimate(input: ParsedInputOf<typeof estimateMessage>, call: Call) {
    return this.sends.estimate(input, call);
  }
}
