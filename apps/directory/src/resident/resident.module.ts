import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { ObservedReader } from './observed.js';
import { OwnEmailService } from './own-email.service.js';
import { OwnEmailSubscriber } from './own-email.subscriber.js';
import { ResidentRpc } from './resident.rpc.js';
import { ResidentService } from './resident.service.js';
import { ResidentWindows } from './resident-windows.js';
import { SyncRpc } from './sync.rpc.js';
import { SyncService } from './sync.service.js';

@Module({
  imports: [PropertyModule],
  controllers: [OwnEmailSubscriber, ResidentRpc, SyncRpc],
  providers: [ObservedReader, OwnEmailService, ResidentService, ResidentWindows, SyncService],
  exports: [ResidentService],
})
export class ResidentModule {}
