import {
  archiveStaff,
  getMe,
  getStaff,
  inviteStaff,
  listStaff,
  renewStaffLink,
  resetTwoFactor,
  restoreStaff,
  updateMe,
  updateStaff,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { StaffAccessService } from './staff-access.service.js';
import { StaffRecoveryService } from './staff-recovery.service.js';
import { StaffService } from './staff.service.js';

@Controller()
export class StaffRpc {
  constructor(
    private readonly staff: StaffService,
    private readonly access: StaffAccessService,
    private readonly recovery: StaffRecoveryService,
  ) {}

  @Rpc(getMe)
  async me(_input: ParsedInputOf<typeof getMe>, call: Call) {
    return this.staff.me(call);
  }

  @Rpc(updateMe)
  async updateMe(input: ParsedInputOf<typeof updateMe>, call: Call) {
    return this.staff.updateMe(input, call);
  }

  @Rpc(listStaff)
  async list(input: ParsedInputOf<typeof listStaff>, call: Call) {
    return this.staff.list(input, call);
  }

  @Rpc(getStaff)
  async get({ staffId }: ParsedInputOf<typeof getStaff>, call: Call) {
    return this.staff.get(staffId, call);
  }

  @Rpc(inviteStaff)
  async invite(input: ParsedInputOf<typeof inviteStaff>, call: Call) {
    return this.access.invite(input, call);
  }

  @Rpc(renewStaffLink)
  async renewLink({ staffId }: ParsedInputOf<typeof renewStaffLink>, call: Call) {
    return this.recovery.renewLink(staffId, call);
  }

  @Rpc(updateStaff)
  async update(input: ParsedInputOf<typeof updateStaff>, call: Call) {
    return this.access.update(input, call);
  }

  @Rpc(archiveStaff)
  async archive({ staffId }: ParsedInputOf<typeof archiveStaff>, call: Call) {
    return this.access.archive(staffId, call);
  }

  @Rpc(restoreStaff)
  async restore({ staffId }: ParsedInputOf<typeof restoreStaff>, call: Call) {
    return this.access.restore(staffId, call);
  }

  @Rpc(resetTwoFactor)
  async resetTwoFactor({ staffId }: ParsedInputOf<typeof resetTwoFactor>, call: Call) {
    return this.recovery.resetTwoFactor(staffId, call);
  }
}
