import {
  cancelSyncRun,
  getSyncRun,
  listJobOutcomes,
  listLeftOut,
  listRunOutcomes,
  listSyncRuns,
  startSync,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { StartSync } from '../schedule/start-sync.service.js';
import { LeftOutService } from './left-out.service.js';
import { RunService } from './run.service.js';

@Controller()
export class RunRpc {
  constructor(
    private readonly runs: RunService,
    private readonly starting: StartSync,
    private readonly leftOut: LeftOutService,
  ) {}

  @Rpc(startSync)
  start({ target }: ParsedInputOf<typeof startSync>, call: Call) {
    return this.starting.start(target, call);
  }

  @Rpc(listSyncRuns)
  list(input: ParsedInputOf<typeof listSyncRuns>, call: Call) {
    return this.runs.list(input, call);
  }

  @Rpc(getSyncRun)
  get({ runId }: ParsedInputOf<typeof getSyncRun>, call: Call) {
    return this.runs.get(runId, call);
  }

  @Rpc(listRunOutcomes)
  outcomes(input: ParsedInputOf<typeof listRunOutcomes>, call: Call) {
    return this.runs.listOutcomes(input, call);
  }

  @Rpc(listJobOutcomes)
  jobOutcomes(input: ParsedInputOf<typeof listJobOutcomes>, call: Call) {
    return this.runs.listJobOutcomes(input, call);
  }

  @Rpc(listLeftOut)
  listLeftOut(input: ParsedInputOf<typeof listLeftOut>, call: Call) {
    return this.leftOut.list(input, call);
  }

  @Rpc(cancelSyncRun)
  cancel(input: ParsedInputOf<typeof cancelSyncRun>, call: Call) {
    return this.runs.cancel(input, call);
  }
}
