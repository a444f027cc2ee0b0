import { Module } from '@nestjs/common';
import { PropertyModule } from '../property/property.module.js';
import { AccountService } from './account.service.js';

@Module({ imports: [PropertyModule], providers: [AccountService], exports: [AccountService] })
export class AccountModule {}
