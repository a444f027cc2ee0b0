import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { ResidentListModule } from '../resident-list/resident-list.module.js';
import { ImportModeService } from './import-mode.service.js';
import { ImportRpc } from './import.rpc.js';
import { ImportService } from './import.service.js';

@Module({
  imports: [PropertyModule, ResidentListModule],
  controllers: [ImportRpc],
  providers: [ImportModeService, ImportService],
})
export class ImportModule {}
