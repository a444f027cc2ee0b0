import {
  acceptResidentReset,
  confirmResidentEmail,
  requestResidentPasswordReset,
  showResidentLink,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { AcceptResidentLinkService } from './accept-resident-link.service.js';
import { ResidentLinkService } from './resident-link.service.js';
import { ResidentResetService } from './resident-reset.service.js';

@Controller()
export class ResidentLinkRpc {
  constructor(
    private readonly links: ResidentLinkService,
    private readonly resets: ResidentResetService,
    private readonly accepting: AcceptResidentLinkService,
  ) {}

  @Rpc(requestResidentPasswordReset)
  async requestReset(input: ParsedInputOf<typeof requestResidentPasswordReset>, call: Call) {
    return this.resets.request(input, call);
  }

  @Rpc(showResidentLink)
  async show({ token }: ParsedInputOf<typeof showResidentLink>) {
    return this.links.show(token);
  }

  @Rpc(acceptResidentReset)
  async reset(input: ParsedInputOf<typeof acceptResidentReset>, call: Call) {
    return this.accepting.reset(input, call);
  }

  @Rpc(confirmResidentEmail)
  async confirmEmail(input: ParsedInputOf<typeof confirmResidentEmail>, call: Call) {
    return this.accepting.confirmEmail(input, call);
  }
}
