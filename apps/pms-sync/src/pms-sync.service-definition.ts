import type { ServiceDefinition } from '@leasewire/service-kit';
import { AppModule } from './app.module.js';
import { pmsSyncConfig } from './config.js';

export const pmsSync = {
  name: 'pms-sync',
  module: AppModule,
  config: pmsSyncConfig,
  collections: [],
} satisfies ServiceDefinition;
