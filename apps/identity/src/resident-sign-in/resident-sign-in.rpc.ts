import { chooseResident, signInResident, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ResidentSignInService } from './resident-sign-in.service.js';

@Controller()
export class ResidentSignInRpc {
  constructor(private readonly signingIn: ResidentSignInService) {}

  @Rpc(signInResident)
  async signIn(input: ParsedInputOf<typeof signInResident>, call: Call) {
    return this.signingIn.signIn(input, call);
  }

  @Rpc(chooseResident)
  async choose(input: ParsedInputOf<typeof chooseResident>, call: Call) {
    return this.signingIn.choose(input, call);
  }
}
