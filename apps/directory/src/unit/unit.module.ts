import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { UnitRpc } from './unit.rpc.js';
import { UnitService } from './unit.service.js';
import { UnitSyncService } from './unit-sync.service.js';

@Module({ imports: [PropertyModule], controllers: [UnitRpc], providers: [UnitService, UnitSyncService] })
export class UnitModule {}
