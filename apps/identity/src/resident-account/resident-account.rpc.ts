import { setResidentPassword, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { OpenAccountService } from './open-account.service.js';

@Controller()
export class ResidentAccountRpc {
  constructor(private readonly opening: OpenAccountService) {}

  @Rpc(setResidentPassword)
  async setPassword(input: ParsedInputOf<typeof setResidentPassword>, call: Call) {
    return this.opening.set(input, call);
  }
}
