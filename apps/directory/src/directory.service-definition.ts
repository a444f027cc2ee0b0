import type { ServiceDefinition } from '@leasewire/service-kit';
import { AppModule } from './app.module.js';
import { directoryConfig } from './config.js';
import { exportPartsDef, exportsDef } from './export/export.repository.js';
import { personDef } from './person/person.repository.js';
import { propertyDef } from './property/property.repository.js';
import { residentMigrations } from './resident/resident.migrations.js';
import { residentDef } from './resident/resident.repository.js';
import { timelineEntryDef } from './resident/timeline-entry.repository.js';
import { savedViewDef } from './saved-view/saved-view.repository.js';
import { unitDef } from './unit/unit.repository.js';

export const directory = {
  name: 'directory',
  module: AppModule,
  config: directoryConfig,
  migrations: residentMigrations,
  collections: [exportsDef, exportPartsDef, personDef, propertyDef, residentDef, savedViewDef, timelineEntryDef, unitDef],
} satisfies ServiceDefinition;
