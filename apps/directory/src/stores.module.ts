import { Global, Module } from '@nestjs/common';
import { PersonRepository } from './person/person.repository.js';
import { PropertyChoreRepository } from './property/property-chore.repository.js';
import { PropertyRepository } from './property/property.repository.js';
import { ResidentRepository } from './resident/resident.repository.js';
import { TimelineEntryRepository } from './resident/timeline-entry.repository.js';
import { UnitRepository } from './unit/unit.repository.js';

const stores = [
  PersonRepository,
  PropertyChoreRepository,
  PropertyRepository,
  ResidentRepository,
  TimelineEntryRepository,
  UnitRepository,
];

/** What the features keep. Repositories know nothing of each other, so that features may read what others keep without a circle. */
@Global()
@Module({ providers: stores, exports: stores })
export class StoresModule {}
