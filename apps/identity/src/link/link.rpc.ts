import { acceptLink, showLink, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { AcceptLinkService } from './accept-link.service.js';
import { LinkService } from './link.service.js';

@Controller()
export class LinkRpc {
  constructor(
    private readonly links: LinkService,
    private readonly accepting: AcceptLinkService,
  ) {}

  @Rpc(showLink)
  async show({ token }: ParsedInputOf<typeof showLink>) {
    return this.links.show(token);
  }

  @Rpc(acceptLink)
  async accept(input: ParsedInputOf<typeof acceptLink>, call: Call) {
    return this.accepting.accept(input, call);
  }
}
