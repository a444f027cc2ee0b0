import { confirmTwoFactor, disableTwoFactor, renewRecoveryCodes, startTwoFactor, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { TwoFactorService } from './two-factor.service.js';

@Controller()
export class TwoFactorRpc {
  constructor(private readonly twoFactor: TwoFactorService) {}

  @Rpc(startTwoFactor)
  async start({ password }: ParsedInputOf<typeof startTwoFactor>, call: Call) {
    return this.twoFactor.start(password, call);
  }

  @Rpc(confirmTwoFactor)
  async confirm({ code }: ParsedInputOf<typeof confirmTwoFactor>, call: Call) {
    return this.twoFactor.confirm(code, call);
  }

  @Rpc(disableTwoFactor)
  async disable({ password, code }: ParsedInputOf<typeof disableTwoFactor>, call: Call) {
    return this.twoFactor.disable(password, code, call);
  }

  @Rpc(renewRecoveryCodes)
  async renew({ password }: ParsedInputOf<typeof renewRecoveryCodes>, call: Call) {
    return this.twoFactor.renewRecoveryCodes(password, call);
  }
}
