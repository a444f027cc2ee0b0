import { completeActivation, requestNewLink, showActivation, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ActivationService } from './activation.service.js';
import { LinkRequests } from './link-request.service.js';

@Controller()
export class ActivationRpc {
  constructor(
    private readonly activation: ActivationService,
    private readonly requests: LinkRequests,
  ) {}

  @Rpc(showActivation)
  async show({ token }: ParsedInputOf<typeof showActivation>) {
    return this.activation.show(token);
  }

  @Rpc(completeActivation)
  async complete(input: ParsedInputOf<typeof completeActivation>, call: Call) {
    return this.activation.complete(input, call);
  }

  @Rpc(requestNewLink)
  async requestNewLink(input: ParsedInputOf<typeof requestNewLink>, call: Call) {
    return this.requests.ask(input, call);
  }
}
