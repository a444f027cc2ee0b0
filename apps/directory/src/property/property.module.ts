import { Module } from '@nestjs/common';
import { ResidentKeeper } from '../resident/resident-keeper.js';
import { PolicyService } from './policy.service.js';
import { PropertyChores } from './property-chores.js';
import { PropertyRpc } from './property.rpc.js';
import { PropertyService } from './property.service.js';
import { StartService } from './start.service.js';

@Module({
  controllers: [PropertyRpc],
  providers: [PolicyService, PropertyChores, PropertyService, StartService, ResidentKeeper],
  exports: [PropertyService, ResidentKeeper],
})
export class PropertyModule {}
