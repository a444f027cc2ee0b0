import { getMyAlerts, raiseAlert, setMyAlerts, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Controller } from '@nestjs/common';
import { AlertChoiceService } from './alert-choice.service.js';
import { AlertService } from './alert.service.js';

@Controller()
export class AlertRpc {
  constructor(
    private readonly work: UnitOfWork,
    private readonly choices: AlertChoiceService,
    private readonly alerts: AlertService,
  ) {}

  @Rpc(getMyAlerts)
  async mine(_input: ParsedInputOf<typeof getMyAlerts>, call: Call) {
    return this.choices.get(call);
  }

  @Rpc(setMyAlerts)
  async choose(input: ParsedInputOf<typeof setMyAlerts>, call: Call) {
    return this.choices.set(input, call);
  }

  @Rpc(raiseAlert)
  async raise(input: ParsedInputOf<typeof raiseAlert>, call: Call) {
    return this.work.run(call, async (tx) => ({ told: await this.alerts.raise(tx, input) }));
  }
}
