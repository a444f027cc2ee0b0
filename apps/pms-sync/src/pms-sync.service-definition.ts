import type { ServiceDefinition } from '@leasewire/service-kit';
import { AppModule } from './app.module.js';
import { balanceDef } from './balance/balance.repository.js';
import { pmsSyncConfig } from './config.js';
import { connectionDef } from './connection/connection.repository.js';
import { rateLaneDef } from './connection/mongo-rate-ledger.js';
import { syncedPropertyDef } from './connection/synced-property.repository.js';
import { brakeDef } from './hold/brake.repository.js';
import { csvImportDef } from './csv/csv-import.repository.js';
import { csvPartDef } from './csv/csv-part.repository.js';
import { heldPersonDef, holdDef } from './hold/hold.repository.js';
import { runOutcomeDef } from './run/run-outcome.repository.js';
import { syncRunDef } from './run/sync-run.repository.js';
import { upstreamRecordDef, upstreamUnitsDef } from './run/upstream-record.repository.js';

export const pmsSync = {
  name: 'pms-sync',
  module: AppModule,
  config: pmsSyncConfig,
  collections: [
    balanceDef,
    brakeDef,
    connectionDef,
    csvImportDef,
    csvPartDef,
    heldPersonDef,
    holdDef,
    rateLaneDef,
    runOutcomeDef,
    syncedPropertyDef,
    syncRunDef,
    upstreamRecordDef,
    upstreamUnitsDef,
  ],
} satisfies ServiceDefinition;
