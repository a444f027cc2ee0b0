import { changePassword, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { ChangePasswordService } from './change-password.service.js';

@Controller()
export class PasswordRpc {
  constructor(private readonly passwords: ChangePasswordService) {}

  @Rpc(changePassword)
  async change(input: ParsedInputOf<typeof changePassword>, call: Call) {
    return this.passwords.change(input, call);
  }
}
