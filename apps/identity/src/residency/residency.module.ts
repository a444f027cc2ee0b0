import { Module } from '@nestjs/common';
import { ResidentSessionModule } from '../resident-session/resident-session.module.js';
import { ResidencyReadModel } from './residency.read-model.js';
import { ResidencyService } from './residency.service.js';
import { ResidencySubscriber } from './residency.subscriber.js';

@Module({
  imports: [ResidentSessionModule],
  controllers: [ResidencySubscriber],
  providers: [ResidencyReadModel, ResidencyService],
})
export class ResidencyModule {}
