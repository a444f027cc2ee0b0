import { Global, Module } from '@nestjs/common';
import { BalanceRepository } from './balance/balance.repository.js';
import { ConnectionRepository } from './connection/connection.repository.js';
import { ConnectionViews } from './connection/connection-views.js';
import { MongoRateLedger } from './connection/mongo-rate-ledger.js';
import { OpenedConnectors } from './connection/opened-connectors.js';
import { SyncedPropertyRepository } from './connection/synced-property.repository.js';
import { BrakeRepository } from './hold/brake.repository.js';
import { CsvImportRepository } from './csv/csv-import.repository.js';
import { CsvPartRepository } from './csv/csv-part.repository.js';
import { HeldPersonRepository, HoldRepository } from './hold/hold.repository.js';
import { RunOutcomeRepository } from './run/run-outcome.repository.js';
import { SyncRunRepository } from './run/sync-run.repository.js';
import { UpstreamRecordRepository, UpstreamUnitsRepository } from './run/upstream-record.repository.js';

const stores = [
  BalanceRepository,
  BrakeRepository,
  ConnectionRepository,
  ConnectionViews,
  CsvImportRepository,
  CsvPartRepository,
  HeldPersonRepository,
  HoldRepository,
  MongoRateLedger,
  OpenedConnectors,
  RunOutcomeRepository,
  SyncRunRepository,
  SyncedPropertyRepository,
  UpstreamRecordRepository,
  UpstreamUnitsRepository,
];

/** What the features keep. Repositories know nothing of each other, so that features may read what others keep without a circle. */
@Global()
@Module({ providers: stores, exports: stores })
export class StoresModule {}
