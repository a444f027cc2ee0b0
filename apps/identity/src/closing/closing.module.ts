import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { ClosingRpc } from './closing.rpc.js';
import { ClosingService } from './closing.service.js';
import { ClosingTime } from './closing-time.js';

@Module({ imports: [AccessModule, StaffModule], controllers: [ClosingRpc], providers: [ClosingService, ClosingTime] })
export class ClosingModule {}
