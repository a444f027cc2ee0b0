import type { ServiceDefinition } from '@leasewire/service-kit';
import { AppModule } from './app.module.js';
import { directoryConfig } from './config.js';

export const directory = {
  name: 'directory',
  module: AppModule,
  config: directoryConfig,
  collections: [],
} satisfies ServiceDefinition;
