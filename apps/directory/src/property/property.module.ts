import { Module } from '@nestjs/common';
import { ResidentKeeper } from '../resident/resident-keeper.js';
import { Residencies } from '../resident/residencies.js';
import { SharedEmails } from '../resident/shared-emails.js';
import { PolicyService } from './policy.service.js';
import { PropertyChores } from './property-chores.js';
import { PropertyRpc } from './property.rpc.js';
import { PropertyService } from './property.service.js';
import { RemovalService } from './removal.service.js';
import { StartService } from './start.service.js';
import { SweepService } from './sweep.service.js';
import { SweepSubscriber } from './sweep.subscriber.js';

@Module({
  controllers: [PropertyRpc, SweepSubscriber],
  providers: [
    PolicyService,
    PropertyChores,
    PropertyService,
    RemovalService,
    StartService,
    SweepService,
    SharedEmails,
    ResidentKeeper,
    Residencies,
  ],
  exports: [PropertyService, SweepService, ResidentKeeper, Residencies],
})
export class PropertyModule {}
