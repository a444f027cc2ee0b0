import { Module } from '@nestjs/common';
import { ResidentListModule } from '../resident-list/resident-list.module.js';
import { UnitListModule } from '../unit-list/unit-list.module.js';
import { ExportRepository } from './export.repository.js';
import { ExportRpc } from './export.rpc.js';
import { ExportService } from './export.service.js';

@Module({
  imports: [ResidentListModule, UnitListModule],
  controllers: [ExportRpc],
  providers: [ExportRepository, ExportService],
})
export class ExportModule {}
