import { DomainError, raiseAlert, type InputOf } from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import type { Attempted, Effect } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';

/** What staff are told of by mail. notifications tells each alert once, by its key, however often it is raised. */
@Injectable()
export class StaffAlerts {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  async raise({ orgId, correlationId }: Effect<unknown>, alert: InputOf<typeof raiseAlert>): Promise<Attempted> {
    try {
      await this.rpc.call(raiseAlert, alert, { assertion: this.assertions.forService(orgId), correlationId });
      return { state: 'done' };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { state: 'not-done', reason: error.message };
    }
  }
}
