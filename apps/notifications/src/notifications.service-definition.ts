import type { ServiceDefinition } from '@leasewire/service-kit';
import { AppModule } from './app.module.js';
import { notificationsConfig } from './config.js';
import { consentDef, standingDef } from './consent/consent.repository.js';

export const notifications = {
  name: 'notifications',
  module: AppModule,
  config: notificationsConfig,
  collections: [consentDef, standingDef],
} satisfies ServiceDefinition;
