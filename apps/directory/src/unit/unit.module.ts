import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { UnitListModule } from '../unit-list/unit-list.module.js';
import { UnitRpc } from './unit.rpc.js';
import { UnitService } from './unit.service.js';
import { UnitSyncService } from './unit-sync.service.js';

@Module({ imports: [PropertyModule, UnitListModule], controllers: [UnitRpc], providers: [UnitService, UnitSyncService] })
export class UnitModule {}
