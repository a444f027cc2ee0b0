import { Module } from '@nestjs/common';
import { BalanceKeeping } from './balance/balance-keeping.js';
import { BalanceRpc } from './balance/balance.rpc.js';
import { BalanceService } from './balance/balance.service.js';
import { AdoptionService } from './connection/adoption.service.js';
import { ConnectionRpc } from './connection/connection.rpc.js';
import { ConnectionService } from './connection/connection.service.js';
import { PropertyFacts } from './connection/property-facts.service.js';
import { PropertySubscriber } from './connection/property.subscriber.js';
import { PolicyPreview } from './connection/policy-preview.service.js';
import { CsvChecker } from './csv/csv-checker.js';
import { CsvForecast } from './csv/csv-forecast.js';
import { CsvImportRpc } from './csv/csv-import.rpc.js';
import { CsvImportService } from './csv/csv-import.service.js';
import { CsvSource } from './csv/csv-source.js';
import { CsvTemplateService } from './csv/csv-template.service.js';
import { CsvUploadService } from './csv/csv-upload.service.js';
import { FedByFiles } from './csv/fed-by-files.js';
import { PropertyContent } from './csv/property-content.js';
import { DisconnectRpc } from './disconnect/disconnect.rpc.js';
import { DisconnectService } from './disconnect/disconnect.service.js';
import { DisconnectSubscriber } from './disconnect/disconnect.subscriber.js';
import { Erasure } from './erasure/erasure.service.js';
import { ErasureSubscriber } from './erasure/erasure.subscriber.js';
import { Brake } from './hold/brake.js';
import { HoldKeeping } from './hold/hold-keeping.js';
import { HoldRelease } from './hold/hold-release.js';
import { HoldRpc } from './hold/hold.rpc.js';
import { HoldService } from './hold/hold.service.js';
import { DirectoryClient } from './run/directory-client.js';
import { RunEnding } from './run/run-ending.js';
import { RunExecution } from './run/run-execution.js';
import { RunMaker } from './run/run-maker.js';
import { LeftOutService } from './run/left-out.service.js';
import { RunRpc } from './run/run.rpc.js';
import { RunService } from './run/run.service.js';
import { SyncRunner } from './run/sync-runner.js';
import { UnitFlow } from './run/unit-flow.js';
import { Scheduler } from './schedule/scheduler.js';
import { StartSync } from './schedule/start-sync.service.js';
import { SnapshotRpc } from './snapshot/snapshot.rpc.js';
import { StoresModule } from './stores.module.js';
import { WebhookRpc } from './webhook/webhook.rpc.js';
import { WebhookService } from './webhook/webhook.service.js';

/** Runs, holds and schedules are one flow in several folders: each needs the next, so they are one module. */
@Module({
  imports: [StoresModule],
  controllers: [
    BalanceRpc,
    ConnectionRpc,
    CsvImportRpc,
    DisconnectRpc,
    DisconnectSubscriber,
    ErasureSubscriber,
    HoldRpc,
    PropertySubscriber,
    RunRpc,
    SnapshotRpc,
    WebhookRpc,
  ],
  providers: [
    AdoptionService,
    BalanceKeeping,
    BalanceService,
    Brake,
    ConnectionService,
    CsvChecker,
    CsvForecast,
    CsvImportService,
    CsvSource,
    CsvTemplateService,
    CsvUploadService,
    DirectoryClient,
    DisconnectService,
    Erasure,
    FedByFiles,
    HoldKeeping,
    HoldRelease,
    HoldService,
    PolicyPreview,
    PropertyContent,
    PropertyFacts,
    RunEnding,
    RunExecution,
    RunMaker,
    RunService,
    LeftOutService,
    Scheduler,
    StartSync,
    SyncRunner,
    UnitFlow,
    WebhookService,
  ],
})
export class AppModule {}
