import { Module } from '@nestjs/common';
import { ConsentModule } from './consent/consent.module.js';
import { UnsubscribeModule } from './unsubscribe/unsubscribe.module.js';

@Module({ imports: [ConsentModule, UnsubscribeModule] })
export class AppModule {}
