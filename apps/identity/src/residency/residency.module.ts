import { Module } from '@nestjs/common';
import { ResidentSessionModule } from '../resident-session/resident-session.module.js';
import { ResidencyService } from './residency.service.js';
import { ResidencySubscriber } from './residency.subscriber.js';

@Module({ imports: [ResidentSessionModule], controllers: [ResidencySubscriber], providers: [ResidencyService] })
export class ResidencyModule {}
