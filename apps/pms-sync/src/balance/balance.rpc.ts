import { getBalance, listBalances, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { BalanceService } from './balance.service.js';

@Controller()
export class BalanceRpc {
  constructor(private readonly balances: BalanceService) {}

  @Rpc(listBalances)
  list(input: ParsedInputOf<typeof listBalances>, call: Call) {
    return this.balances.list(input, call);
  }

  @Rpc(getBalance)
  get(input: ParsedInputOf<typeof getBalance>, call: Call) {
    return this.balances.get(input, call);
  }
}
