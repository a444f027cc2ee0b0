import { finishInboundText, listInboundTexts, optOutByText, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { InboundTextService } from './inbound-text.service.js';

@Controller()
export class InboundTextRpc {
  constructor(private readonly texts: InboundTextService) {}

  @Rpc(listInboundTexts)
  list(input: ParsedInputOf<typeof listInboundTexts>, call: Call) {
    return this.texts.list(input, call);
  }

  @Rpc(optOutByText)
  optOut({ inboundTextId }: ParsedInputOf<typeof optOutByText>, call: Call) {
    return this.texts.optOut(inboundTextId, call);
  }

  @Rpc(finishInboundText)
  finish(input: ParsedInputOf<typeof finishInboundText>, call: Call) {
    return this.texts.finish(input, call);
  }
}
