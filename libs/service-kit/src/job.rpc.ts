import { jobRpcs, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Jobs } from '@leasewire/persistence';
import { Controller, Inject, type Type } from '@nestjs/common';

type Rpcs = ReturnType<typeof jobRpcs>;
type In<K extends keyof Rpcs> = ParsedInputOf<Rpcs[K]>;

/** What every service answers about its jobs. A class per service, because a contract carries the service's name. */
export function jobRpcController(service: string): Type {
  const rpcs = jobRpcs(service);

  @Controller()
  class JobRpc {
    constructor(@Inject(Jobs) private readonly jobs: Jobs) {}

    @Rpc(rpcs.getJob)
    get({ jobId }: In<'getJob'>, call: Call) {
      return this.jobs.get(call, jobId);
    }

    @Rpc(rpcs.listJobs)
    list({ name, state, limit, cursor }: In<'listJobs'>, call: Call) {
      return this.jobs.list(
        call,
        { ...(name !== undefined && { name }), ...(state !== undefined && { state }) },
        { limit, cursor },
      );
    }

    @Rpc(rpcs.listJobItems)
    items({ jobId, state, limit, cursor }: In<'listJobItems'>, call: Call) {
      return this.jobs.listItems(call, jobId, state === undefined ? {} : { state }, { limit, cursor });
    }

    @Rpc(rpcs.cancelJob)
    cancel({ jobId }: In<'cancelJob'>, call: Call) {
      return this.jobs.cancel(call, jobId);
    }

    @Rpc(rpcs.retryFailedJob)
    retryFailed({ jobId }: In<'retryFailedJob'>, call: Call) {
      return this.jobs.retryFailed(call, jobId);
    }
  }
  return JobRpc;
}
