import {
  changeResidentPassword,
  closeResidentAccount,
  openResidentAccount,
  requestResidentEmail,
  setResidentLanguage,
  setResidentPassword,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { OpenAccountService } from './open-account.service.js';
import { OwnAccountService } from './own-account.service.js';

@Controller()
export class ResidentAccountRpc {
  constructor(
    private readonly opening: OpenAccountService,
    private readonly own: OwnAccountService,
  ) {}

  @Rpc(setResidentPassword)
  async setPassword(input: ParsedInputOf<typeof setResidentPassword>, call: Call) {
    return this.opening.set(input, call);
  }

  @Rpc(openResidentAccount)
  async open({ personId }: ParsedInputOf<typeof openResidentAccount>, call: Call) {
    await this.opening.open(personId, call);
    return {};
  }

  @Rpc(changeResidentPassword)
  async changePassword(input: ParsedInputOf<typeof changeResidentPassword>, call: Call) {
    return this.own.changePassword(input, call);
  }

  @Rpc(requestResidentEmail)
  async requestEmail(input: ParsedInputOf<typeof requestResidentEmail>, call: Call) {
    return this.own.requestEmail(input, call);
  }

  @Rpc(setResidentLanguage)
  async setLanguage(input: ParsedInputOf<typeof setResidentLanguage>, call: Call) {
    return this.own.setLanguage(input, call);
  }

  @Rpc(closeResidentAccount)
  async close(input: ParsedInputOf<typeof closeResidentAccount>, call: Call) {
    return this.own.close(input, call);
  }
}
