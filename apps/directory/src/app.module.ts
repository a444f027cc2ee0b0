import { Module } from '@nestjs/common';
import { PropertyModule } from './property/property.module.js';
import { ResidentModule } from './resident/resident.module.js';
import { StoresModule } from './stores.module.js';
import { UnitModule } from './unit/unit.module.js';

@Module({ imports: [StoresModule, PropertyModule, ResidentModule, UnitModule] })
export class AppModule {}
