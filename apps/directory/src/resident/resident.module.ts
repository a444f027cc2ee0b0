import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { ObservedReader } from './observed.js';
import { OwnEmailService } from './own-email.service.js';
import { OwnEmailSubscriber } from './own-email.subscriber.js';
import { OwnLanguageService } from './own-language.service.js';
import { OwnLanguageSubscriber } from './own-language.subscriber.js';
import { ResidentRpc } from './resident.rpc.js';
import { ResidentService } from './resident.service.js';
import { ResidentWindows } from './resident-windows.js';
import { SyncRpc } from './sync.rpc.js';
import { SyncService } from './sync.service.js';

@Module({
  imports: [PropertyModule],
  controllers: [OwnEmailSubscriber, OwnLanguageSubscriber, ResidentRpc, SyncRpc],
  providers: [ObservedReader, OwnEmailService, OwnLanguageService, ResidentService, ResidentWindows, SyncService],
  exports: [ResidentService],
})
export class ResidentModule {}
