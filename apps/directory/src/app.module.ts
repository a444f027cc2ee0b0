import { Module } from '@nestjs/common';
import { StoresModule } from './stores.module.js';

@Module({ imports: [StoresModule] })
export class AppModule {}
