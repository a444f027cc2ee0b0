import { Module } from '@nestjs/common';
import { AdoptionService } from './connection/adoption.service.js';
import { ConnectionRpc } from './connection/connection.rpc.js';
import { ConnectionService } from './connection/connection.service.js';
import { HeldPeopleRelease } from './hold/held-people-release.js';
import { HoldKeeping } from './hold/hold-keeping.js';
import { HoldRpc } from './hold/hold.rpc.js';
import { HoldService } from './hold/hold.service.js';
import { DirectoryClient } from './run/directory-client.js';
import { RunEnding } from './run/run-ending.js';
import { RunExecution } from './run/run-execution.js';
import { RunMaker } from './run/run-maker.js';
import { RunRpc } from './run/run.rpc.js';
import { RunService } from './run/run.service.js';
import { SyncRunner } from './run/sync-runner.js';
import { Scheduler } from './schedule/scheduler.js';
import { StartSync } from './schedule/start-sync.service.js';
import { SnapshotRpc } from './snapshot/snapshot.rpc.js';
import { StoresModule } from './stores.module.js';

/** Runs, holds and schedules are one flow in several folders: each needs the next, so they are one module. */
@Module({
  imports: [StoresModule],
  controllers: [ConnectionRpc, HoldRpc, RunRpc, SnapshotRpc],
  providers: [
    AdoptionService,
    ConnectionService,
    DirectoryClient,
    HeldPeopleRelease,
    HoldKeeping,
    HoldService,
    RunEnding,
    RunExecution,
    RunMaker,
    RunService,
    Scheduler,
    StartSync,
    SyncRunner,
  ],
})
export class AppModule {}
