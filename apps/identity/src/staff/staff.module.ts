import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { LinkModule } from '../link/link.module.js';
import { SessionModule } from '../session/session.module.js';
import { StaffAccessService } from './staff-access.service.js';
import { StaffRecoveryService } from './staff-recovery.service.js';
import { StaffRpc } from './staff.rpc.js';
import { StaffService } from './staff.service.js';

@Module({
  imports: [AccessModule, LinkModule, SessionModule],
  controllers: [StaffRpc],
  providers: [StaffAccessService, StaffRecoveryService, StaffService],
  exports: [StaffAccessService],
})
export class StaffModule {}
