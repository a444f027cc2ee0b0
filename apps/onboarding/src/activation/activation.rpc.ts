import { completeActivation, requestNewLink, showActivation, stopReminders, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ActivationService } from './activation.service.js';
import { LinkRequests } from './link-request.service.js';
import { NoReminders } from './no-reminders.js';

@Controller()
export class ActivationRpc {
  constructor(
    private readonly activation: ActivationService,
    private readonly requests: LinkRequests,
    private readonly noReminders: NoReminders,
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

  @Rpc(stopReminders)
  async stopReminders({ token }: ParsedInputOf<typeof stopReminders>, call: Call) {
    return this.noReminders.byLink(token, call);
  }
}
