import { showUnsubscribe, unsubscribe, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { UnsubscribeService } from './unsubscribe.service.js';

@Controller()
export class UnsubscribeRpc {
  constructor(private readonly links: UnsubscribeService) {}

  @Rpc(showUnsubscribe)
  show(input: ParsedInputOf<typeof showUnsubscribe>) {
    return this.links.show(input);
  }

  @Rpc(unsubscribe)
  act(input: ParsedInputOf<typeof unsubscribe>) {
    return this.links.act(input);
  }
}
