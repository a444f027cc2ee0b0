import { Module } from '@nestjs/common';
import { AccountModule } from './account/account.module.js';
import { AudienceModule } from './audience/audience.module.js';
import { ClosingModule } from './closing/closing.module.js';
import { DuplicateModule } from './duplicate/duplicate.module.js';
import { ExplainModule } from './explain/explain.module.js';
import { ExportModule } from './export/export.module.js';
import { ImportModule } from './import/import.module.js';
import { PersonModule } from './person/person.module.js';
import { SnapshotModule } from './snapshot/snapshot.module.js';
import { UpcomingModule } from './upcoming/upcoming.module.js';
import { PropertyModule } from './property/property.module.js';
import { ResidentListModule } from './resident-list/resident-list.module.js';
import { ResidentModule } from './resident/resident.module.js';
import { SavedViewModule } from './saved-view/saved-view.module.js';
import { StoresModule } from './stores.module.js';
import { TimelineModule } from './timeline/timeline.module.js';
import { UnitListModule } from './unit-list/unit-list.module.js';
import { UnitModule } from './unit/unit.module.js';

@Module({
  imports: [
    StoresModule,
    AccountModule,
    AudienceModule,
    ClosingModule,
    PropertyModule,
    UpcomingModule,
    SnapshotModule,
    PersonModule,
    DuplicateModule,
    ExplainModule,
    ExportModule,
    ImportModule,
    ResidentModule,
    ResidentListModule,
    SavedViewModule,
    TimelineModule,
    UnitListModule,
    UnitModule,
  ],
})
export class AppModule {}
