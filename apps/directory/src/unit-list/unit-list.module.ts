import { Module } from '@nestjs/common';
import { UnitListRpc } from './unit-list.rpc.js';
import { UnitListService } from './unit-list.service.js';

@Module({ controllers: [UnitListRpc], providers: [UnitListService], exports: [UnitListService] })
export class UnitListModule {}
