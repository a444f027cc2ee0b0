import { receiveSms, receiveSmsStatus, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { TwilioHookService } from './twilio-hook.service.js';

@Controller()
export class TwilioHookRpc {
  constructor(private readonly hooks: TwilioHookService) {}

  @Rpc(receiveSmsStatus)
  status(input: ParsedInputOf<typeof receiveSmsStatus>) {
    return this.hooks.status(input);
  }

  @Rpc(receiveSms)
  text(input: ParsedInputOf<typeof receiveSms>) {
    return this.hooks.text(input);
  }
}
