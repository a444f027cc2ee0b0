import { Module } from '@nestjs/common';
import { TimelineRpc } from './timeline.rpc.js';

@Module({ controllers: [TimelineRpc] })
export class TimelineModule {}
