import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { ObservedReader } from './observed.js';
import { SyncRpc } from './sync.rpc.js';
import { SyncService } from './sync.service.js';

@Module({ imports: [PropertyModule], controllers: [SyncRpc], providers: [ObservedReader, SyncService] })
export class ResidentModule {}
