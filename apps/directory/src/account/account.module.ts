import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { AccountService } from './account.service.js';
import { AccountSubscriber } from './account.subscriber.js';

@Module({ imports: [PropertyModule], controllers: [AccountSubscriber], providers: [AccountService], exports: [AccountService] })
export class AccountModule {}
