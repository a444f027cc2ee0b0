import { requestPasswordReset, signIn, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ResetRequestService } from './reset-request.service.js';
import { SignInService } from './sign-in.service.js';

@Controller()
export class SignInRpc {
  constructor(
    private readonly signingIn: SignInService,
    private readonly resets: ResetRequestService,
  ) {}

  @Rpc(signIn)
  async signIn(input: ParsedInputOf<typeof signIn>, call: Call) {
    return this.signingIn.signIn(input, call);
  }

  @Rpc(requestPasswordReset)
  async requestReset(input: ParsedInputOf<typeof requestPasswordReset>, call: Call) {
    return this.resets.request(input, call);
  }
}
